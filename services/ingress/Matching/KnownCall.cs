using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Ingress.Data;
using Outdial.Ingress.Webhooks;

namespace Outdial.Ingress.Matching;

/// <summary>The attempt that a provider's call belongs to.</summary>
public sealed class KnownCall
{
    public string Account { get; private set; } = "";
    public string CallId { get; private set; } = "";
    public Guid AttemptId { get; private set; }
    public DateTimeOffset LearnedAt { get; private set; }
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

    /// <returns>False when it was known already.</returns>
    public async Task<bool> LearnAsync(string account, string callId, Guid attemptId, CancellationToken cancel)
    {
        await LockAsync(account, callId, cancel);
        var now = clock.GetUtcNow();
        return await db.Database.ExecuteSqlAsync(
            $"INSERT INTO known_calls (account, call_id, attempt_id, learned_at) VALUES ({account}, {callId}, {attemptId}, {now}) ON CONFLICT DO NOTHING",
            cancel) == 1;
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
        return db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({key}, 0))", cancel);
    }
}
