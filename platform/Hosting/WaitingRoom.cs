using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outdial.Platform.Storage;

namespace Outdial.Platform.Hosting;

/// <summary>
/// Serves on the service's addresses while the service itself cannot start yet: alive, not ready and why, and 503 for all
/// else but what the service can do without its databases (<see cref="ServedWhileWaiting"/>). So nobody restarts the process,
/// and no balancer sends it work that another could do.
/// </summary>
internal sealed class WaitingRoom : IAsyncDisposable
{
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private bool _isOpen;

    private WaitingRoom(WebApplication app) => _app = app;

    /// <param name="service">Of the process that waits: built, not started.</param>
    /// <returns>Null when the addresses cannot be taken; waiting goes on without it.</returns>
    public static async Task<WaitingRoom?> OpenAsync(
        IServiceProvider service, IReadOnlyList<IDatabasePreparation> databases, ILogger log, CancellationToken cancel)
    {
        var configuration = service.GetRequiredService<IConfiguration>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddConfiguration(configuration);
        builder.Services.AddAnswerHeaders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(HttpDefaults.TakeAnyBytes);
        if (configuration["urls"] is { Length: > 0 } urls)
            builder.WebHost.UseUrls(urls);
        var room = new WaitingRoom(builder.Build());
        room._app.UseAnswerHeaders();
        room.Serve(service);
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
            room._isOpen = true;
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

    /// <summary>Requests that are under way are answered first; the service does not wait long for a slow one.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(s_goodbye, TimeProvider.System);
        if (_isOpen)
            await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    /// <summary>The service's own routes, for requests that it has looked at as it always does.</summary>
    private void Serve(IServiceProvider service)
    {
        var served = service.GetServices<ServedWhileWaiting>().ToList();
        if (served.Count == 0)
            return;
        _app.Use(async (http, next) =>
        {
            await using var scope = service.CreateAsyncScope();
            http.RequestServices = scope.ServiceProvider;
            if (await http.AuthenticateAsync() is { Principal: { } user })
                http.User = user;
            await next(http);
        });
        var routes = new ServiceRoutes(_app, service);
        foreach (var some in served)
            some.Map(routes);
    }

    /// <summary>Routes whose handlers are given what the service has, not what the room has.</summary>
    private sealed class ServiceRoutes(IEndpointRouteBuilder room, IServiceProvider service) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => service;

        public ICollection<EndpointDataSource> DataSources => room.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => room.CreateApplicationBuilder();
    }
}
