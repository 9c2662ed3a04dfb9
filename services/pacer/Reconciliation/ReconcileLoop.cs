using Microsoft.Extensions.Options;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Reconciliation;

/// <summary>The clock that turns the reconciler; several look-ups run side by side.</summary>
internal sealed class ReconcileLoop(IServiceScopeFactory scopes, IOptions<PacerOptions> options, TimeProvider clock, ILogger<ReconcileLoop> log)
    : BackgroundService
{
    private const int SideBySide = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // One look is enough as long as nothing is overdue.
            if (await Sweep(once: true, stoppingToken))
                await Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => Sweep(once: false, stoppingToken)));
        }
    }

    /// <summary>Looks into overdue attempts, one or all. False when none was left, or none could be read.</summary>
    private async Task<bool> Sweep(bool once, CancellationToken cancel)
    {
        try
        {
            do
            {
                if (!await Once(cancel))
                    return false;
            }
            while (!once && !cancel.IsCancellationRequested);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LoopFailed("reconciler", e);
            return false;
        }
    }

    private async Task<bool> Once(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Reconciler>().Next(cancel);
    }
}
