using Outdial.Pacer.Telemetry;
using Outdial.Platform;

namespace Outdial.Pacer.Pulse;

/// <summary>Keeps the figure of the queue up to date. Real time: how often a figure is read has nothing to do with the platform's clock.</summary>
internal sealed class QueueGauge(IServiceScopeFactory scopes, PacerMetrics metrics, ILogger<QueueGauge> log)
    : TimedLoop("count of the queue", TimeSpan.FromSeconds(5), TimeProvider.System, log)
{
    protected override async Task TurnAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        metrics.Waiting(await scope.ServiceProvider.GetRequiredService<PowerFloors>().WaitingByMode(cancel));
    }
}
