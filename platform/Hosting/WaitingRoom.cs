using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Outdial.Platform.Storage;

namespace Outdial.Platform.Hosting;

/// <summary>
/// Serves on the service's addresses while the service itself cannot start yet: alive, not ready and why, and 503 for all
/// else, so that nobody restarts the process and no balancer sends it work.
/// </summary>
internal sealed class WaitingRoom : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WaitingRoom(WebApplication app) => _app = app;

    /// <returns>Null when the addresses cannot be taken; waiting goes on without it.</returns>
    public static async Task<WaitingRoom?> OpenAsync(
        IConfiguration service, IReadOnlyList<IDatabasePreparation> databases, ILogger log, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddConfiguration(service);
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (service["urls"] is { Length: > 0 } urls)
            builder.WebHost.UseUrls(urls);
        var room = new WaitingRoom(builder.Build());
        room._app.MapGet("/health/live", () => Results.Json(new { Status = "Healthy", Checks = Array.Empty<object>() }));
        room._app.MapGet("/health/ready", () => Results.Json(new
        {
            Status = "Unhealthy",
            Checks = databases.Select(database => new
            {
                Name = $"database:{database.Name}",
                Status = database.WaitsFor is null ? "Healthy" : "Unhealthy",
                Description = database.WaitsFor,
            }),
        }, statusCode: StatusCodes.Status503ServiceUnavailable));
        room._app.MapFallback((HttpResponse response) =>
        {
            response.Headers.RetryAfter = "5";
            return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "Starting", detail: "The service waits for its database.");
        });
        try
        {
            await room._app.StartAsync(cancel);
            log.WaitingRoomOpened();
            return room;
        }
        catch (IOException e)
        {
            log.WaitingRoomFailed(e.Message);
            await room.DisposeAsync();
            return null;
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
