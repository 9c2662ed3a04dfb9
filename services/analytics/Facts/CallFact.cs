using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Analytics.Facts;

/// <summary>What is known of one attempt. Written by <see cref="CallFacts"/> in single statements; read here.</summary>
internal sealed record CallFact
{
    public Guid AttemptId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid? LeadId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public int? AttemptNumber { get; init; }
    public string? CallerId { get; init; }
    public string? CallerIdCircle { get; init; }
    public string? Circle { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>One of the contracts' outcomes; null while the attempt is open.</summary>
    public string? Outcome { get; init; }

    public bool? Dialed { get; init; }
    public string? Source { get; init; }
    public string? TimeZone { get; init; }

    /// <summary>Hour of the day, 0 to 23, at which the call was started in the lead's zone.</summary>
    public short? LocalHour { get; init; }

    public TimeSpan? TalkTime { get; init; }
    public TimeSpan? DetailTalkTime { get; init; }
    public DateTimeOffset? DetailTalkTimeAt { get; init; }
    public TimeSpan? DetailDuration { get; init; }
    public DateTimeOffset? DetailDurationAt { get; init; }
    public decimal? DetailPrice { get; init; }
    public DateTimeOffset? DetailPriceAt { get; init; }
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>The campaign's mode; null when nobody told.</summary>
    public string? Mode { get; init; }

    public string? AnsweredBy { get; init; }
    public DateTimeOffset? QueuedAt { get; init; }
    public DateTimeOffset? ConnectedAt { get; init; }
    public Guid? AgentId { get; init; }

    /// <summary>Abandoned by the law's definition; null while the attempt is open.</summary>
    public bool? Dropped { get; init; }

    /// <summary>The telling of the end that stands: see <see cref="Contracts.AttemptEnded.Revision"/>.</summary>
    public int EndRevision { get; init; }
}

internal sealed class CallFactMapping : IEntityTypeConfiguration<CallFact>
{
    public void Configure(EntityTypeBuilder<CallFact> builder)
    {
        builder.ToTable("call_facts");
        builder.HasKey(fact => fact.AttemptId);
        builder.Property(fact => fact.DetailPrice).HasPrecision(14, 4);
    }
}
