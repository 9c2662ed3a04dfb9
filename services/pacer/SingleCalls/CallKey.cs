using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.SingleCalls;

/// <summary>One call as it was asked for, in one form: two requests that mean the same are equal.</summary>
/// <param name="Number">E.164.</param>
internal sealed record AskedCall(string Number, string Purpose, string Account);

/// <summary>One used <c>Idempotency-Key</c>: who used it, for what, and which lead came of it.</summary>
internal sealed class CallKey
{
    /// <summary>The holder of the API key. The same text of two holders is two keys.</summary>
    public required string Owner { get; init; }

    public required string Key { get; init; }

    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    public required string Purpose { get; init; }
    public required string Account { get; init; }
    public Guid CampaignId { get; init; }
    public Guid LeadId { get; init; }
    public DateTimeOffset UsedAt { get; init; }

    /// <summary>What another request differs in, field by field; empty when it asks for the same call.</summary>
    internal List<FieldProblem> DiffersFrom(AskedCall asked)
    {
        List<FieldProblem> differs = [];
        void Same(string field, string first, string now, Func<string, string> shown)
        {
            if (first != now)
                differs.Add(new(field, shown(now), $"'{shown(first)}', for which this key was used first"));
        }

        Same("to", Number, asked.Number, Masked.Text);
        Same("purpose", Purpose, asked.Purpose, text => text);
        Same("account", Account, asked.Account, text => text);
        return differs;
    }
}

/// <summary>
/// The used keys. A key is free again <see cref="PacerOptions.KeepCallKeys"/> after its use, whether its row is pruned by then or not.
/// </summary>
internal sealed class CallKeys(PacerDbContext db)
{
    /// <param name="forgotten">Keys used then or before are free again.</param>
    public Task<CallKey?> Find(string owner, string key, DateTimeOffset forgotten, CancellationToken cancel) =>
        db.CallKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Owner == owner && k.Key == key && k.UsedAt > forgotten, cancel);

    /// <summary>Takes the key in the caller's transaction; waits for another who is taking it.</summary>
    /// <returns>False when it is used.</returns>
    public async Task<bool> Take(CallKey key, DateTimeOffset forgotten, CancellationToken cancel) => await db.Database.ExecuteSqlAsync(
        $"""
        insert into call_keys as used (owner, key, number, purpose, account, campaign_id, lead_id, used_at)
        values ({key.Owner}, {key.Key}, {key.Number}, {key.Purpose}, {key.Account}, {key.CampaignId}, {key.LeadId}, {key.UsedAt})
        on conflict (owner, key) do update set number = excluded.number, purpose = excluded.purpose, account = excluded.account,
          campaign_id = excluded.campaign_id, lead_id = excluded.lead_id, used_at = excluded.used_at
        where used.used_at <= {forgotten}
        """, cancel) == 1;
}

internal sealed class CallKeyMapping : IEntityTypeConfiguration<CallKey>
{
    public void Configure(EntityTypeBuilder<CallKey> builder) => builder.ToTable("call_keys").HasKey(k => new { k.Owner, k.Key });
}
