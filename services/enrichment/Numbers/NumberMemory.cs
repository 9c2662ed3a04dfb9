using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;

namespace Outdial.Enrichment.Numbers;

/// <summary>
/// The numbers that this process has seen lately, and one who finds out for all who ask at once. Entries are never older than the database's.
/// </summary>
internal sealed class NumberMemory(IOptions<EnrichmentOptions> options, TimeProvider clock) : IDisposable
{
    // Bounded by count. It has no logger: its keys are numbers.
    private readonly FusionCache _cache = new(
        new FusionCacheOptions { DefaultEntryOptions = new() { Size = 1 } },
        new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.MemoryNumbers }));

    /// <returns>Null when the number is not here or its record has expired.</returns>
    public NumberRecord? Find(string number)
    {
        if (_cache.TryGet<NumberRecord>(number) is not { HasValue: true, Value: var record })
            return null;
        if (record.IsFresh(clock.GetUtcNow()))
            return record;
        _cache.Remove(number);
        return null;
    }

    public void Keep(NumberRecord record) => _cache.Set(record.Number, record, Lifetime(record));

    /// <summary>What is here, or else what <paramref name="find"/> finds, which is kept.</summary>
    /// <param name="find">
    /// Runs once at a time for a number; who waits for it takes what it found. Null and exceptions are not kept: the next who
    /// waits is asked instead.
    /// </param>
    /// <param name="cancel">Ends this one's waiting and finding, and nobody else's.</param>
    public async Task<NumberRecord?> FindAsync(string number, Func<CancellationToken, Task<NumberRecord?>> find, CancellationToken cancel) =>
        Find(number) ?? await _cache.GetOrSetAsync<NumberRecord?>(number, async (entry, finding) =>
        {
            var found = await find(finding);
            if (found is null)
                entry.Options.SkipMemoryCacheWrite = true;
            else
                entry.Options.Duration = Lifetime(found);
            return found;
        }, token: cancel);

    public void Dispose() => _cache.Dispose();

    // The cache counts real time, so this only says when the room is free again: expiry is judged by the platform's clock, above.
    private TimeSpan Lifetime(NumberRecord record) => TimeSpan.FromTicks(Math.Max(1, (record.ExpiresAt - clock.GetUtcNow()).Ticks));
}
