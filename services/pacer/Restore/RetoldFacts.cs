using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Restore;

/// <summary>
/// Tells the facts of recent attempts again: messages that were under way when the dump was made are in no dump, and analytics takes each fact
/// once, however often it comes.
/// </summary>
internal sealed class RetoldFacts(PacerDbContext db, IOutbox<PacerDbContext> outbox)
{
    /// <summary>A message that took longer than this to arrive was in an error queue.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private const int AtOnce = 500;

    /// <returns>How many attempts were told of.</returns>
    public async Task<int> Tell(DateTimeOffset dumpedAt, CancellationToken cancel)
    {
        var since = dumpedAt - Longest;
        var told = 0;
        var last = Guid.Empty;
        while (true)
        {
            var calls = await db.Attempts.AsNoTracking()
                .Where(a => (a.RequestedAt >= since || a.EndedAt >= since) && AttemptStatements.WasCall(a.OfferedAt, a.Dialed)
                    && a.CorrelationId > last)
                .OrderBy(a => a.CorrelationId).Take(AtOnce).ToListAsync(cancel);
            if (calls.Count == 0)
                return told;
            foreach (var call in calls)
                await Tell(call, cancel);
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            (told, last) = (told + calls.Count, calls[^1].CorrelationId);
        }
    }

    private async Task Tell(Attempt call, CancellationToken cancel)
    {
        await outbox.Publish(call.Started(call.RequestedAt), cancel);
        if (call is { IsOpen: false, Outcome: { } outcome, EndedAt: { } at })
            await outbox.Publish(EndedAttempt.Of(call,
                new Ending(outcome, at, call.Dialed, call.CountsAsTry, call.Source ?? "platform", call.Reason, null)), cancel);
    }
}
