using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Outdial.Enrichment.Telemetry;

namespace Outdial.Enrichment.Numbers;

/// <summary>What came of a look-up for somebody who waits; neither: there was no answer in time, and the look-up goes on.</summary>
/// <param name="Spent">People's budget is spent for so long.</param>
public sealed record LiveAnswer(NumberRecord? Record = null, TimeSpan? Spent = null);

/// <summary>Looks a number up for somebody who waits. All who wait for one number in this process share one wait.</summary>
public sealed class LiveLookup(
    IServiceScopeFactory scopes, NumberMemory memory, NumberLookupWorker worker, PeoplesLookups people, IOptions<EnrichmentOptions> options,
    TimeProvider clock, EnrichmentMetrics metrics)
{
    // Real time: how long a person and a socket wait does not depend on the platform's clock.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, Lazy<Task<LiveAnswer>>> _waiting = new();

    public async Task<LiveAnswer> AskAsync(string account, string number, CancellationToken cancel)
    {
        if (memory.Find(number) is { } known)
        {
            metrics.LookedUp(known.Status == NumberStatus.Found ? "memory" : "negative");
            return new(known);
        }
        var wait = _waiting.GetOrAdd(number, key => new Lazy<Task<LiveAnswer>>(() => WaitAsync(account, key)));
        try
        {
            return await wait.Value.WaitAsync(cancel);
        }
        finally
        {
            if (wait.Value.IsCompleted)
                _waiting.TryRemove(new KeyValuePair<string, Lazy<Task<LiveAnswer>>>(number, wait));
        }
    }

    private async Task<LiveAnswer> WaitAsync(string account, string number)
    {
        using var deadline = new CancellationTokenSource(options.Value.AnswerWithin);
        try
        {
            if (await FindAsync(number, deadline.Token) is { } known)
                return new(known);
            if (await people.AskAsync(account, number, clock.GetUtcNow(), deadline.Token) is { } spent)
                return new(Spent: spent);
            worker.Wake();
            using var timer = new PeriodicTimer(Poll, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(deadline.Token))
            {
                // This process's worker leaves the answer in memory, another's in the database.
                if ((memory.Find(number) ?? await FindAsync(number, deadline.Token)) is { } found)
                    return new(found);
            }
            return new();
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new();
        }
    }

    private async Task<NumberRecord?> FindAsync(string number, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<NumberDirectory>().FindAsync([number], cancel)).GetValueOrDefault(number);
    }
}
