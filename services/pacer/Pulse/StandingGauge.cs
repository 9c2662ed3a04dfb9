using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;
using Outdial.Pacer.Waiting;
using Outdial.Platform;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// Keeps the figures of what stands up to date: paused campaigns, open calls, waiting leads. Real time, as <see cref="QueueGauge"/>.
/// </summary>
internal sealed class StandingGauge(IServiceScopeFactory scopes, PacerMetrics metrics, TimeProvider clock, ILogger<StandingGauge> log)
    : TimedLoop("count of what stands", TimeSpan.FromSeconds(30), TimeProvider.System, log)
{
    protected override async Task TurnAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var leads = scope.ServiceProvider.GetRequiredService<StandingLeads>();
        var db = scope.ServiceProvider.GetRequiredService<PacerDbContext>();
        metrics.Stand(await db.PausedCampaigns(cancel), await db.OpenAttempts(cancel), await leads.Count(clock.GetUtcNow(), cancel));
    }
}
