using System.Security.Claims;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Gateway.Data;
using Outdial.Gateway.Telemetry;
using Outdial.Platform;

namespace Outdial.Gateway.Acts;

/// <summary>
/// Keeps who changed what: each request of the API by a known key that is no question, with what was answered. Outside of everything else, so that it
/// sees the answer of each; nobody waits for the row, and that the database is away stops nobody's work, and is logged with the act.
/// </summary>
internal sealed class ActRecorder(IServiceScopeFactory scopes, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<ActRecorder> log)
    : BackgroundService, IStartupFilter
{
    private const int LongestPath = 500, PruneEvery = 500, MostWaiting = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Channel<ActRow> _acts = Channel.CreateBounded<ActRow>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Record);
        next(app);
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Until the channel is closed: what was done before the stop is kept as well.
        await foreach (var act in _acts.Reader.ReadAllAsync(CancellationToken.None))
            await Keep(act);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _acts.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    private async Task Record(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.User.Identity is { IsAuthenticated: true, Name: { } who } && IsAct(context.Request))
                Tell(context, who);
        }
    }

    private static bool IsAct(HttpRequest request) => request.Path.StartsWithSegments(ApiGroup.Prefix, StringComparison.OrdinalIgnoreCase)
        && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    private void Tell(HttpContext context, string who)
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
        if (!_acts.Writer.TryWrite(act))
            log.ActNotKept(act.Who, act.Method, act.Path, act.Status, "too many wait for the database");
    }

    private async Task Keep(ActRow act)
    {
        using var time = new CancellationTokenSource(Patience, TimeProvider.System);
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
            db.Acts.Add(act);
            await db.SaveChangesAsync(time.Token);
        }
        catch (Exception e) when (e is DbUpdateException or Npgsql.NpgsqlException or OperationCanceledException or InvalidOperationException)
        {
            log.ActNotKept(act.Who, act.Method, act.Path, act.Status, e.Message);
            return;
        }

        if (act.Id % PruneEvery != 0)
            return;
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
            await db.Acts.Where(old => old.At < act.At - options.Value.KeepActs).ExecuteDeleteAsync(CancellationToken.None);
        }
        catch (Npgsql.NpgsqlException e)
        {
            log.ActsNotPruned(e.Message);
        }
    }
}
