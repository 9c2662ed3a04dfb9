using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;

namespace Outdial.Pacer.Campaigns;

/// <summary>One campaign: the row, and the instance of the campaign saga.</summary>
internal sealed class Campaign : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }
    public required string Name { get; set; }

    /// <summary>One of <see cref="CampaignModes"/>.</summary>
    public required string Mode { get; set; }

    public required string Purpose { get; set; }
    public required string Account { get; set; }
    public string State { get; set; } = null!;
    public int Version { get; set; }
    public required CampaignRules Rules { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ScheduledFor { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? PauseReason { get; set; }
    public string? PauseExplanation { get; set; }
    public DateTimeOffset? PausedAt { get; set; }
    public string? PausedBy { get; set; }
    public DateTimeOffset? PausedUntil { get; set; }

    /// <summary>Nothing is dialed for it any more.</summary>
    public bool IsOver => State is CampaignStates.Completed or CampaignStates.Stopped;

    public double RateFactor { get; set; } = 1;
    public double? CompletionRate { get; set; }
    public int CompletionAttempts { get; set; }
    public DateTimeOffset? CompletionAdvisedAt { get; set; }
}

/// <summary>When a campaign is looked at next, and what the last look decided.</summary>
internal sealed class CampaignPulseRow
{
    public Guid CampaignId { get; init; }
    public DateTimeOffset? NextAt { get; set; }
    public DateTimeOffset? LastAt { get; set; }
    public int? LastCalls { get; set; }
    public string? LastCode { get; set; }
    public string? LastReason { get; set; }

    /// <summary>Since when the queue of answered leads has been short enough to go on; null: it is not, or nothing is paused for it.</summary>
    public DateTimeOffset? QueueLowSince { get; set; }
}

internal sealed class CampaignMapping : IEntityTypeConfiguration<Campaign>, IEntityTypeConfiguration<CampaignPulseRow>
{
    public void Configure(EntityTypeBuilder<Campaign> builder)
    {
        builder.ToTable("campaigns").HasKey(c => c.CorrelationId);
        builder.Property(c => c.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(c => c.Version).IsConcurrencyToken();
        builder.Ignore(c => c.IsOver);
        builder.Property(c => c.Rules).HasColumnType("jsonb").HasConversion(
            rules => StoredRules.Write(rules),
            json => StoredRules.Read(json));
    }

    public void Configure(EntityTypeBuilder<CampaignPulseRow> builder)
    {
        builder.ToTable("campaign_pulses").HasKey(p => p.CampaignId);
        builder.Property(p => p.CampaignId).ValueGeneratedNever();
        // Told, so that a new campaign is inserted before its pulse.
        builder.HasOne<Campaign>().WithOne().HasForeignKey<CampaignPulseRow>(p => p.CampaignId);
    }
}
