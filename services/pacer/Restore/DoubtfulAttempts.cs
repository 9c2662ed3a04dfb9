using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Restore;

/// <summary>Attempts that the dump shows before their call: for all that is known, they were placed after it.</summary>
internal sealed class DoubtfulAttempts(PacerDbContext db, IOutbox<PacerDbContext> outbox, TimeProvider clock)
{
    private const string Why = "the database was restored from a dump that was made before the attempt was placed, if it was";

    /// <summary>Enough for the words below to arrive before the router is asked about a lead that it has forgotten.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="withRecords">Accounts whose provider can be asked for a call that is over.</param>
    /// <param name="dumpedAt">When the dump was begun.</param>
    /// <param name="cancel">Leaves everything as it was.</param>
    /// <returns>How many are looked for, and how many end Unknown.</returns>
    public async Task<(int Searched, int Unknown)> Doubt(string[] withRecords, DateTimeOffset dumpedAt, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var upTo = dumpedAt + LostCalls.ClockSkew;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // As the issuer does before it asks: from here on no order, old or new, places it.
        var searched = await db.DoubtOrdered(withRecords, upTo, Why, now, cancel);

        var unknown = await db.DoubtForGood(withRecords, upTo, Why, now + Patience, cancel);
        foreach (var call in unknown)
        {
            await outbox.Publish(new CallTerminated
            {
                EventId = Guid.CreateVersion7(now),
                AttemptId = call.CorrelationId,
                Account = call.Account,
                OccurredAt = call.RequestedAt,
                ReceivedAt = now,
                Outcome = Outcomes.Unknown,
                Source = EndSources.Inferred,
            }, cancel);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return (searched, unknown.Count);
    }
}
