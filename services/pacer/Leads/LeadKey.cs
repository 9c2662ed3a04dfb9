using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Leads;

/// <summary>One used <c>Idempotency-Key</c> of a request that added leads: who used it, for what, and what was answered.</summary>
internal sealed class LeadKey
{
    /// <summary>The holder of the API key. The same text of two holders is two keys.</summary>
    public required string Owner { get; init; }

    public required string Key { get; init; }
    public Guid CampaignId { get; init; }

    /// <summary>A hash of the request's body.</summary>
    public required byte[] Asked { get; init; }

    /// <summary>The answer, as JSON; it holds numbers. Null only while it is being made.</summary>
    public string? Answer { get; init; }

    public DateTimeOffset UsedAt { get; init; }

    /// <summary>Of what was asked, whatever the blanks between its words.</summary>
    public static byte[] HashOf(JsonElement body) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body));
}

/// <summary>
/// The used keys. A key is free again <see cref="PacerOptions.KeepCallKeys"/> after its use, whether its row is pruned by then or not.
/// </summary>
internal sealed class LeadKeys(PacerDbContext db, IOptions<PacerOptions> options, TimeProvider clock)
{
    private DateTimeOffset Forgotten => clock.GetUtcNow() - options.Value.KeepCallKeys;

    /// <summary>null: the key is free.</summary>
    public Task<LeadKey?> Find(string owner, string key, CancellationToken cancel)
    {
        var forgotten = Forgotten;
        return db.LeadKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Owner == owner && k.Key == key && k.UsedAt > forgotten, cancel);
    }

    /// <summary>Takes the key in the caller's transaction; waits for another who is taking it.</summary>
    /// <returns>False when it is used.</returns>
    public async Task<bool> Take(string owner, string key, Guid campaign, byte[] asked, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into lead_keys as used (owner, key, campaign_id, asked, used_at)
            values ({owner}, {key}, {campaign}, {asked}, {clock.GetUtcNow()})
            on conflict (owner, key) do update set campaign_id = excluded.campaign_id, asked = excluded.asked, answer = null,
              used_at = excluded.used_at
            where used.used_at <= {Forgotten}
            """, cancel) == 1;

    /// <summary>What was answered, in the transaction that took the key.</summary>
    public Task Answered(string owner, string key, string answer, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update lead_keys set answer = {answer}::jsonb where owner = {owner} and key = {key}", cancel);
}

internal sealed class LeadKeyMapping : IEntityTypeConfiguration<LeadKey>
{
    public void Configure(EntityTypeBuilder<LeadKey> builder)
    {
        builder.ToTable("lead_keys").HasKey(k => new { k.Owner, k.Key });
        builder.Property(k => k.Answer).HasColumnType("jsonb");
    }
}
