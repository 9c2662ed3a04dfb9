using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Enrichment.Data;
using Outdial.Enrichment.Telemetry;

namespace Outdial.Enrichment.Numbers;

/// <summary>Answers from memory, then from the database; what neither knows is written down for the worker to look up.</summary>
internal sealed class NumberDirectory(
    EnrichmentDbContext db, NumberMemory memory, TimeProvider clock, IOptions<EnrichmentOptions> options, EnrichmentMetrics metrics)
{
    /// <summary>Whether any provider of ours has metadata for numbers of this country.</summary>
    public bool HasMetadata(string number) =>
        number.StartsWith('+') && options.Value.Countries.Any(code => number.AsSpan(1).StartsWith(code, StringComparison.Ordinal));

    /// <summary>What is known of these numbers now; those that are missing from the answer are not known.</summary>
    public async Task<IReadOnlyDictionary<string, NumberRecord>> FindAsync(IReadOnlyCollection<string> numbers, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var known = new Dictionary<string, NumberRecord>();
        foreach (var number in numbers)
        {
            if (HasMetadata(number))
                Take(known, memory.Find(number), "memory");
            else
                known[number] = NumberRecord.From(number, null, now, options.Value);
        }

        var rest = numbers.Where(number => !known.ContainsKey(number)).ToArray();
        if (rest.Length == 0)
            return known;
        foreach (var record in await db.Numbers.AsNoTracking().Where(n => rest.Contains(n.Number) && n.ExpiresAt > now).ToListAsync(cancel))
        {
            memory.Keep(record);
            Take(known, record, "database");
        }
        return known;
    }

    /// <summary>Writes the numbers down to be looked up, each once however many ask. Part of the caller's transaction.</summary>
    /// <param name="urgent">A single call waits: before the numbers of lists.</param>
    public Task AskAsync(string account, IEnumerable<string> numbers, bool urgent, CancellationToken cancel)
    {
        // In one order for everybody, or two askers of the same numbers would wait for each other.
        var inOrder = numbers.Order(StringComparer.Ordinal).ToArray();
        var now = clock.GetUtcNow();
        return db.Database.ExecuteSqlAsync($"""
            insert into number_lookups as lookup (number, account, urgent, asked_at, due_at)
            select number, {account}, {urgent}, {now}, {now} from unnest({inOrder}) as number
            on conflict (number) do update set urgent = true where excluded.urgent and not lookup.urgent
            """, cancel);
    }

    private void Take(Dictionary<string, NumberRecord> known, NumberRecord? record, string from)
    {
        if (record is null)
            return;
        known[record.Number] = record;
        metrics.LookedUp(record.Status == NumberStatus.Found ? from : "negative");
    }
}
