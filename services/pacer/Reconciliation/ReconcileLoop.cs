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
            await Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => Sweep(stoppingToken)));
    }

    private async Task Sweep(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested && await Once(cancel))
            {
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LoopFailed("reconciler", e);
        }
    }

    private async Task<bool> Once(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Reconciler>().Next(cancel);
    }
}
