using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Hopper;

/// <summary>The states of a lead in the hopper.</summary>
internal static class HopperStates
{
    public const string Waiting = "Waiting";

    /// <summary>On an agent's screen, not dialed (preview).</summary>
    public const string Shown = "Shown";

    /// <summary>Given to a line: the phone may ring.</summary>
    public const string Taken = "Taken";

    /// <summary>Dialed, and its outcome is told.</summary>
    public const string Over = "Over";

    /// <summary>Went back undialed.</summary>
    public const string Returned = "Returned";
}

/// <summary>One offered attempt, and what is known of its dialing.</summary>
internal sealed class HopperLead
{
    public Guid AttemptId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid LeadId { get; init; }

    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary>The number of ours that the lead sees, E.164.</summary>
    public required string CallerId { get; init; }

    public int Priority { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset DialUntil { get; init; }

    /// <summary>Only this agent dials it; null: anyone.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>The offered lead, whole, as JSON.</summary>
    public required string Lead { get; init; }

    /// <summary>One of <see cref="HopperStates"/>.</summary>
    public required string State { get; set; }

    public DateTimeOffset OfferedAt { get; init; }
    public Guid? SessionId { get; set; }
    public Guid? DialedBy { get; set; }
    public string? Account { get; set; }

    /// <summary>The provider's id of the line that dials it.</summary>
    public string? ProviderCallId { get; set; }

    public DateTimeOffset? ShownAt { get; set; }
    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>When a line got it, by our clock.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>When the line asked that got it. This and the times that follow are by the provider's clock.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>What the line named as dialed last when it asked, E.164; null: nobody. Personal data.</summary>
    public string? AskedAfter { get; set; }

    public DateTimeOffset? DialingAt { get; set; }
    public DateTimeOffset? RingingAt { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>The popup's last word: this dialing is over.</summary>
    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>The flow said that it dialed nobody.</summary>
    public DateTimeOffset? NobodyAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
    public TimeSpan? TalkTime { get; set; }
    public int? Cause { get; set; }
    public string? CauseName { get; set; }
    public string? RecordingUrl { get; set; }
    public string? RawStatus { get; set; }

    /// <summary>What the Passthru said, also when it came too late to count.</summary>
    public string? ToldOutcome { get; set; }

    /// <summary>The outcome that was published.</summary>
    public string? Outcome { get; set; }

    /// <summary>The outcome is published then from what is known; null while the dialing goes on.</summary>
    public DateTimeOffset? SettleAt { get; set; }

    public DateTimeOffset? OverAt { get; set; }
    public string? ReturnedReason { get; set; }
    public Guid? SkippedBy { get; set; }

    /// <summary>The newest word that this lead was really dialed; null: none.</summary>
    public DateTimeOffset? LastWord => Newest(DialingAt, RingingAt, AnsweredAt, ReleasedAt, EndedAt);

    /// <summary>Nothing more will happen on the phone.</summary>
    public bool IsDialingOver => State is HopperStates.Over or HopperStates.Returned || SettleAt is not null;

    public OfferedLead Offered() => JsonSerializer.Deserialize<OfferedLead>(Lead, JsonSerializerOptions.Web)!;

    public static string Json(OfferedLead lead) => JsonSerializer.Serialize(lead, JsonSerializerOptions.Web);

    private static DateTimeOffset? Newest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? newest = null;
        foreach (var time in times)
        {
            if (time > newest || newest is null)
                newest = time;
        }
        return newest;
    }
}

internal sealed class HopperMapping : IEntityTypeConfiguration<HopperLead>
{
    public void Configure(EntityTypeBuilder<HopperLead> builder)
    {
        builder.ToTable("hopper").HasKey(h => h.AttemptId);
        builder.Property(h => h.AttemptId).ValueGeneratedNever();
        builder.Property(h => h.Lead).HasColumnType("jsonb");
    }
}
