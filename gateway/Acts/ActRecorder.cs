using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Gateway.Data;
using Outdial.Gateway.Telemetry;
using Outdial.Platform;

namespace Outdial.Gateway.Acts;

/// <summary>
/// Keeps who changed what: each request of the API by a known key that is no question, with what was answered. Outside of everything else, so that it
/// sees the answer; that the database is away stops nobody's work, and is logged with the act.
/// </summary>
internal sealed class ActRecorder(IServiceScopeFactory scopes, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<ActRecorder> log)
    : IStartupFilter
{
    private const int LongestPath = 500, PruneEvery = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Record);
        next(app);
    };

    private async Task Record(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.User.Identity is { IsAuthenticated: true, Name: { } who } && IsAct(context.Request))
            await Keep(context, who);
    }

    private static bool IsAct(HttpRequest request) => request.Path.StartsWithSegments("/api/v1", StringComparison.OrdinalIgnoreCase)
        && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    private async Task Keep(HttpContext context, string who)
    {
        var path = Masked.Text(context.Request.Path.Value ?? "");
        var act = new ActRow
        {
            At = clock.GetUtcNow(),
            Who = who,
            Client = context.User.FindFirstValue(ApiClaims.Client) ?? Clients.AddressOf(context),
            Method = context.Request.Method.ToUpperInvariant(),
            Path = path.Length <= LongestPath ? path : path[..LongestPath],
            Status = context.Response.StatusCode,
            CorrelationId = context.CorrelationId(),
        };
        using var time = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
            db.Acts.Add(act);
            await db.SaveChangesAsync(time.Token);
            if (act.Id % PruneEvery == 0)
                await db.Acts.Where(old => old.At < act.At - options.Value.KeepActs).ExecuteDeleteAsync(time.Token);
        }
        catch (Exception e) when (e is DbUpdateException or Npgsql.NpgsqlException or OperationCanceledException or InvalidOperationException)
        {
            log.ActNotKept(who, act.Method, act.Path, act.Status, e.Message);
        }
    }
}
