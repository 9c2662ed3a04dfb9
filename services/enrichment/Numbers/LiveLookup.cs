using Microsoft.Extensions.Options;
using Outdial.Enrichment.Telemetry;

namespace Outdial.Enrichment.Numbers;

/// <summary>What came of a look-up for somebody who waits; neither: there was no answer in time, and the look-up goes on.</summary>
/// <param name="Spent">People's budget is spent for so long.</param>
internal sealed record LiveAnswer(NumberRecord? Record = null, TimeSpan? Spent = null);

/// <summary>Looks a number up for somebody who waits. Of all who wait for one number in this process, one at a time asks and looks.</summary>
internal sealed class LiveLookup(
    IServiceScopeFactory scopes, NumberMemory memory, NumberLookupWorker worker, PeoplesLookups people, IOptions<EnrichmentOptions> options,
    TimeProvider clock, EnrichmentMetrics metrics)
{
    // Real time: how long a person and a socket wait does not depend on the platform's clock.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task<LiveAnswer> AskAsync(string account, string number, CancellationToken cancel)
    {
        if (memory.Find(number) is { } known)
        {
            metrics.LookedUp(known.Status == NumberStatus.Found ? "memory" : "negative");
            return new(known);
        }
        using var deadline = new CancellationTokenSource(options.Value.AnswerWithin, TimeProvider.System);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        TimeSpan? spent = null;
        try
        {
            return new(await memory.FindAsync(number, LookUpAsync, patience.Token), spent);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return new();
        }

        async Task<NumberRecord?> LookUpAsync(CancellationToken finding)
        {
            if (await FindAsync(number, finding) is { } stored)
                return stored;
            spent = await people.AskAsync(account, number, clock.GetUtcNow(), finding);
            if (spent is not null)
                return null;
            worker.Wake();
            using var timer = new PeriodicTimer(Poll, TimeProvider.System);
            NumberRecord? found = null;
            // This process's worker leaves the answer in memory, another's in the database.
            while (found is null && await timer.WaitForNextTickAsync(finding))
                found = memory.Find(number) ?? await FindAsync(number, finding);
            return found;
        }
    }

    private async Task<NumberRecord?> FindAsync(string number, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<NumberDirectory>().FindAsync([number], cancel)).GetValueOrDefault(number);
    }
}
