using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Outdial.Enrichment.Numbers;

/// <summary>The numbers that this process has seen lately. Entries are never older than the database's.</summary>
public sealed class NumberMemory(IOptions<EnrichmentOptions> options, TimeProvider clock) : IDisposable
{
    // Bounded by count. Expiry is judged on the platform's clock, which the cache does not know.
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = options.Value.MemoryNumbers });

    /// <returns>Null when the number is not here or its record has expired.</returns>
    public NumberRecord? Find(string number)
    {
        if (!_cache.TryGetValue(number, out NumberRecord? record) || record is null)
            return null;
        if (record.IsFresh(clock.GetUtcNow()))
            return record;
        _cache.Remove(number);
        return null;
    }

    public void Keep(NumberRecord record) => _cache.Set(record.Number, record, new MemoryCacheEntryOptions { Size = 1 });

    public void Dispose() => _cache.Dispose();
}
