using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Ingress.Data;
using Outdial.Ingress.Webhooks;

namespace Outdial.Ingress.Matching;

/// <summary>The attempt that a provider's call belongs to.</summary>
internal sealed class KnownCall
{
    public string Account { get; private set; } = "";
    public string CallId { get; private set; } = "";
    public Guid AttemptId { get; private set; }

    /// <summary>The provider's answer to our own request said so; false: a webhook did.</summary>
    public bool Originated { get; private set; }

    public DateTimeOffset LearnedAt { get; private set; }
}

/// <summary>What is known of an attempt's claim to a call.</summary>
internal enum Claimed
{
    /// <summary>Nothing stands against it: it is learned.</summary>
    New,
    /// <summary>It is known, or cannot be decided: nothing is learned from it.</summary>
    Known,
    /// <summary>Our own request for another attempt made this call.</summary>
    AnothersCall,
    /// <summary>Our own request for this attempt made another call.</summary>
    NotItsCall,
}

internal sealed class KnownCallMapping : IEntityTypeConfiguration<KnownCall>
{
    public void Configure(EntityTypeBuilder<KnownCall> builder) => builder.HasKey(call => new { call.Account, call.CallId });
}

/// <summary>
/// Matches calls to attempts. Parking a webhook and learning of its call exclude each other by a lock on the call until
/// commit; without it both could look before the other is visible, and the webhook would wait for ever.
/// </summary>
internal sealed class KnownCalls(IngressDbContext db, TimeProvider clock)
{
    public async Task<Guid?> FindAsync(string account, string callId, CancellationToken cancel)
    {
        await LockAsync(account, callId, cancel);
        return await db.KnownCalls.AsNoTracking().Where(call => call.Account == account && call.CallId == callId)
            .Select(call => (Guid?)call.AttemptId).FirstOrDefaultAsync(cancel);
    }

    /// <summary>
    /// Whether a webhook of an attempt may name this call. A call that our own request made is one attempt's, and where a provider has one id for a
    /// call, an attempt has that one call: who has a leaked address of an attempt can speak of no other call.
    /// </summary>
    /// <param name="oneId">The provider has one id for all legs of a call.</param>
    public async Task<Claimed> ClaimAsync(string account, string callId, Guid attemptId, bool oneId, CancellationToken cancel)
    {
        var known = await db.KnownCalls.AsNoTracking()
            .Where(call => call.Account == account && (call.CallId == callId || (call.AttemptId == attemptId && call.Originated)))
                .ToListAsync(cancel);
        if (known.Exists(call => call.CallId == callId && call.AttemptId == attemptId))
            return Claimed.Known;
        if (known.Find(call => call.CallId == callId) is { } other)
            return other.Originated ? Claimed.AnothersCall : Claimed.Known;   // two claim it by webhooks alone: neither is learned from
        return oneId && known.Count > 0 ? Claimed.NotItsCall : Claimed.New;
    }

    /// <param name="originated">The provider's answer to our own request said so: that overrules what webhooks said.</param>
    /// <returns>False when it was known already.</returns>
    public async Task<bool> LearnAsync(string account, string callId, Guid attemptId, bool originated, CancellationToken cancel)
    {
        await LockAsync(account, callId, cancel);
        var now = clock.GetUtcNow();
        var learned = await db.Database.ExecuteSqlAsync(
            $"""
            insert into known_calls (account, call_id, attempt_id, learned_at, originated)
            values ({account}, {callId}, {attemptId}, {now}, {originated})
            on conflict (account, call_id) do update set attempt_id = excluded.attempt_id, originated = true
            where excluded.originated and not known_calls.originated
            """, cancel) == 1;
        if (learned && originated)
        {
            await db.KnownCalls.Where(call => call.Account == account && call.AttemptId == attemptId && call.CallId != callId && !call.Originated)
                .ExecuteDeleteAsync(cancel);
        }
        return learned;
    }

    /// <summary>What waits for this call, in the order of receipt.</summary>
    public Task<List<Webhook>> ParkedAsync(string account, string callId, CancellationToken cancel) =>
        db.Webhooks
            .Where(webhook => webhook.Account == account && webhook.CallId == callId && webhook.Disposition == Dispositions.Unmatched)
            .OrderBy(webhook => webhook.Id)
            .ToListAsync(cancel);

    private Task LockAsync(string account, string callId, CancellationToken cancel)
    {
        var key = $"{account}\n{callId}";
        return db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({key}, 0))", cancel);
    }
}
