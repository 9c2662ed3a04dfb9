using Microsoft.Extensions.Options;
using Outdial.Platform;

namespace Outdial.Analytics.Advice;

/// <summary>
/// Turns <see cref="AdviceGiver"/> over the watched campaigns. Replicas share the work by skipping locked rows. Real time: an accelerated clock makes
/// campaigns faster, not the database.
/// </summary>
internal sealed class AdviceLoop(IServiceScopeFactory scopes, IOptions<AdviceOptions> options, ILogger<AdviceLoop> log)
    : TimedLoop("look at the watched campaigns", options.Value.Interval, TimeProvider.System, log)
{
    protected override async Task TurnAsync(CancellationToken cancel)
    {
        foreach (var campaign in await InScope(giver => giver.WatchedAsync(cancel)))
            await InScope(giver => giver.LookAtAsync(campaign, cancel));
    }

    private async Task<T> InScope<T>(Func<AdviceGiver, Task<T>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<AdviceGiver>());
    }
}
