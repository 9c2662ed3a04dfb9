using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.History;

/// <summary>One thing that happened, in the order it was written. Carries no phone number.</summary>
internal sealed class TrailEntry
{
    public long Id { get; init; }
    public Guid? CampaignId { get; init; }
    public Guid? LeadId { get; init; }
    public Guid? AttemptId { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>A word such as <c>answered</c>; bounded.</summary>
    public required string Kind { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Text { get; init; }

    public string? Data { get; init; }

    public static TrailEntry Of(Attempt call, DateTimeOffset at, string kind, string text) => new()
    {
        CampaignId = call.CampaignId,
        LeadId = call.LeadId,
        AttemptId = call.CorrelationId,
        At = at,
        Kind = kind,
        Text = text,
    };

    public static TrailEntry Of(Lead lead, DateTimeOffset at, string kind, string text) => new()
    {
        CampaignId = lead.CampaignId,
        LeadId = lead.Id,
        At = at,
        Kind = kind,
        Text = text,
    };

    public static TrailEntry Of(Campaign campaign, DateTimeOffset at, string kind, string text, object? data = null) => new()
    {
        CampaignId = campaign.CorrelationId,
        At = at,
        Kind = kind,
        Text = text,
        Data = data is null ? null : JsonSerializer.Serialize(data, JsonSerializerOptions.Web),
    };
}

internal sealed class TrailMapping : IEntityTypeConfiguration<TrailEntry>
{
    public void Configure(EntityTypeBuilder<TrailEntry> builder)
    {
        builder.ToTable("trail").HasKey(t => t.Id);
        builder.Property(t => t.Id).UseIdentityAlwaysColumn();
        builder.Property(t => t.Data).HasColumnType("jsonb");
    }
}
