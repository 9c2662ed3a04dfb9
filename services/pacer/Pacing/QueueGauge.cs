using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Pacing;

/// <summary>Keeps the figure of the queue up to date.</summary>
internal sealed class QueueGauge(IServiceScopeFactory scopes, PacerMetrics metrics, ILogger<QueueGauge> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Real time: how often a figure is read has nothing to do with the speed of the platform's clock.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                metrics.Waiting(await scope.ServiceProvider.GetRequiredService<PowerFloors>().WaitingByMode(stoppingToken));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LoopFailed("queue gauge", e);
            }
        }
    }
}
