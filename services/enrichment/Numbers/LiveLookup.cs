using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Outdial.Enrichment.Telemetry;

namespace Outdial.Enrichment.Numbers;

/// <summary>Looks a number up for somebody who waits. All who wait for one number in this process share one wait.</summary>
public sealed class LiveLookup(
    IServiceScopeFactory scopes, NumberMemory memory, NumberLookupWorker worker, IOptions<EnrichmentOptions> options, EnrichmentMetrics metrics)
{
    // Real time: how long a person and a socket wait does not depend on the platform's clock.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, Lazy<Task<NumberRecord?>>> _waiting = new();

    /// <returns>Null when there was no answer in time; the look-up goes on.</returns>
    public async Task<NumberRecord?> AskAsync(string account, string number, CancellationToken cancel)
    {
        if (memory.Find(number) is { } known)
        {
            metrics.LookedUp(known.Status == NumberStatus.Found ? "memory" : "negative");
            return known;
        }
        var wait = _waiting.GetOrAdd(number, key => new Lazy<Task<NumberRecord?>>(() => WaitAsync(account, key)));
        try
        {
            return await wait.Value.WaitAsync(cancel);
        }
        finally
        {
            if (wait.Value.IsCompleted)
                _waiting.TryRemove(new KeyValuePair<string, Lazy<Task<NumberRecord?>>>(number, wait));
        }
    }

    private async Task<NumberRecord?> WaitAsync(string account, string number)
    {
        using var deadline = new CancellationTokenSource(options.Value.AnswerWithin);
        try
        {
            if (await FindAsync(number, ask: account, deadline.Token) is { } known)
                return known;
            worker.Wake();
            using var timer = new PeriodicTimer(Poll, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(deadline.Token))
            {
                // This process's worker leaves the answer in memory, another's in the database.
                if (memory.Find(number) is { } mine)
                    return mine;
                if (await FindAsync(number, ask: null, deadline.Token) is { } found)
                    return found;
            }
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<NumberRecord?> FindAsync(string number, string? ask, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var directory = scope.ServiceProvider.GetRequiredService<NumberDirectory>();
        var known = await directory.FindAsync([number], cancel);
        if (known.TryGetValue(number, out var record))
            return record;
        if (ask is not null)
            await directory.AskAsync(ask, [number], urgent: true, cancel);
        return null;
    }
}
