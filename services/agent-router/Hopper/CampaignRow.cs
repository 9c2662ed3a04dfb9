using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Hopper;

/// <summary>What the pacer told of a campaign with agents.</summary>
internal sealed class CampaignRow
{
    public Guid Id { get; init; }
    public long Version { get; set; }
    public required string Name { get; set; }
    public required string Account { get; set; }

    /// <summary>One of <see cref="CampaignModes"/>.</summary>
    public required string Mode { get; set; }

    /// <summary>One of <see cref="CampaignStates"/>.</summary>
    public required string State { get; set; }

    /// <summary>One of <see cref="Purposes"/>.</summary>
    public required string Purpose { get; set; }

    /// <summary><c>text</c> or <c>json</c>.</summary>
    public required string AnswerForm { get; set; }

    public bool Record { get; set; }
    public TimeSpan RingTimeout { get; set; }
    public TimeSpan? MaxConversation { get; set; }
    public TimeSpan WrapUp { get; set; }
    public TimeSpan PreviewTime { get; set; }
    public string? Skill { get; set; }
    public required List<Disposition> Dispositions { get; set; }

    /// <summary>IANA name of the zone in whose country its people are; null: none was named.</summary>
    public string? TimeZone { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    public bool IsRunning => State == CampaignStates.Running;

    /// <summary>Nothing will ever be dialed for it again.</summary>
    public bool IsOver => State is CampaignStates.Completed or CampaignStates.Stopped;
}

internal sealed class CampaignMapping : IEntityTypeConfiguration<CampaignRow>
{
    public void Configure(EntityTypeBuilder<CampaignRow> builder)
    {
        builder.ToTable("campaigns").HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Dispositions).HasColumnType("jsonb").HasConversion(
            list => JsonSerializer.Serialize(list, JsonSerializerOptions.Web),
            json => JsonSerializer.Deserialize<List<Disposition>>(json, JsonSerializerOptions.Web)!,
            new ValueComparer<List<Disposition>>((one, other) => one!.SequenceEqual(other!), list => list.Count, list => list.ToList()));
    }
}
