using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Pacer.Data;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Pulse;

/// <summary>Law 8: a decision with the snapshot it saw and its reason in words.</summary>
internal sealed class DecisionRow
{
    public long Id { get; init; }
    public Guid CampaignId { get; init; }
    public DateTimeOffset At { get; init; }
    public required PacingSnapshot Snapshot { get; init; }
    public int Calls { get; init; }
    public required string Code { get; init; }
    public required string Reason { get; init; }

    public static DecisionRow Of(Guid campaignId, PacingSnapshot snapshot, PacingDecision decision) => new()
    {
        CampaignId = campaignId,
        At = snapshot.At,
        Snapshot = snapshot,
        Calls = decision.Calls,
        Code = decision.Code,
        Reason = decision.Reason,
    };
}

internal sealed class DecisionMapping : IEntityTypeConfiguration<DecisionRow>
{
    public void Configure(EntityTypeBuilder<DecisionRow> builder)
    {
        builder.ToTable("decisions").HasKey(d => d.Id);
        builder.Property(d => d.Id).UseIdentityAlwaysColumn();
        builder.Property(d => d.Snapshot).HasColumnType("jsonb").HasConversion(
            snapshot => StoredJson.Write(snapshot),
            json => StoredJson.Read<PacingSnapshot>(json));
    }
}
