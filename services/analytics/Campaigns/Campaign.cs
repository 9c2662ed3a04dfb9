using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Analytics.Campaigns;

/// <summary>What is known of a campaign, and the last advice that was given about it.</summary>
internal sealed class Campaign
{
    public Guid CampaignId { get; private set; }
    public string? Name { get; private set; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Completion rate under which the pacer wants to know, in [0, 1]; null: nobody watches.</summary>
    public double? CompletionFloor { get; private set; }

    /// <summary>How many of the last dialed attempts the watched rate is taken over.</summary>
    public int? CompletionWindow { get; private set; }

    /// <summary>The skill an agent needs; null: none, or no agents.</summary>
    public string? Skill { get; private set; }

    /// <summary>When what it is called and goes by was last changed; null: it is as it started.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    public double? AdvisedRate { get; private set; }
    public int? AdvisedAttempts { get; private set; }
    public DateTimeOffset? AdvisedAt { get; private set; }

    /// <summary>Remembers what was published.</summary>
    public void Advise(double rate, int attempts, DateTimeOffset at) => (AdvisedRate, AdvisedAttempts, AdvisedAt) = (rate, attempts, at);
}

/// <summary>One thing that happened to a campaign.</summary>
internal sealed record CampaignEvent
{
    public Guid EventId { get; init; }
    public Guid CampaignId { get; init; }

    /// <summary><c>Started</c>, <c>Paused</c>, <c>Resumed</c>, <c>Completed</c> or <c>Stopped</c>.</summary>
    public required string Kind { get; init; }

    public string? Reason { get; init; }
    public string? Explanation { get; init; }
    public bool Automatic { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
}

internal sealed class CampaignMapping : IEntityTypeConfiguration<Campaign>, IEntityTypeConfiguration<CampaignEvent>
{
    public void Configure(EntityTypeBuilder<Campaign> builder)
    {
        builder.ToTable("campaigns");
        builder.HasKey(campaign => campaign.CampaignId);
    }

    public void Configure(EntityTypeBuilder<CampaignEvent> builder)
    {
        builder.ToTable("campaign_events");
        builder.HasKey(happened => happened.EventId);
    }
}
