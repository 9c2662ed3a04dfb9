using Microsoft.Extensions.Options;
using Outdial.Platform;

namespace Outdial.Pacer.Reconciliation;

/// <summary>The clock that turns the reconciler; several look-ups run side by side.</summary>
internal sealed class ReconcileLoop(IServiceScopeFactory scopes, IOptions<PacerOptions> options, TimeProvider clock, ILogger<ReconcileLoop> log)
    : TimedLoop("reconciler", options.Value.SweepInterval, clock, log)
{
    private const int SideBySide = 4;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        // One look is enough as long as nothing is overdue.
        if (await Once(cancel))
            await Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => Sweep(cancel)));
    }

    /// <summary>Looks into all attempts that are overdue.</summary>
    private async Task Sweep(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && await Once(cancel))
        {
        }
    }

    private async Task<bool> Once(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Reconciler>().Next(cancel);
    }
}
