using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Inbound;

/// <summary>The states of a call that came in.</summary>
internal static class InboundStates
{
    /// <summary>Nobody is free; the flow asks again, or ends.</summary>
    public const string Waiting = "Waiting";

    /// <summary>Agents' phones ring, or are about to.</summary>
    public const string Offered = "Offered";

    /// <summary>Nobody was free, and the number's fallback was given.</summary>
    public const string Fallback = "Fallback";

    /// <summary>The customer talks, or talked, to somebody: <see cref="InboundCall.Outcome"/> says what is known of whom.</summary>
    public const string Connected = "Connected";
    public const string Over = "Over";
}

/// <summary>A customer who called in. Changed only under its row lock.</summary>
internal sealed class InboundCall
{
    public Guid Id { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }

    /// <summary>The customer's, E.164; null: withheld or unreadable. Personal data.</summary>
    public string? Number { get; set; }

    /// <summary>The number of ours, E.164.</summary>
    public required string Did { get; init; }

    public Guid? CampaignId { get; init; }

    /// <summary>One of <see cref="InboundStates"/>.</summary>
    public required string State { get; set; }

    /// <summary>Agents who did not answer.</summary>
    public required List<Guid> Tried { get; set; }

    /// <summary>Who talks or talked; null: nobody, or it is not known who.</summary>
    public Guid? AgentId { get; set; }

    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? ConnectedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public TimeSpan? TalkTime { get; set; }

    /// <summary>The provider told <see cref="TalkTime"/>; else it is reckoned.</summary>
    public bool TalkTold { get; set; }

    /// <summary>The conversation's, or the message's.</summary>
    public string? RecordingUrl { get; set; }

    /// <summary>The number that picked up, where the provider names one that is no agent's, E.164. Personal data.</summary>
    public string? AnsweredBy { get; set; }

    /// <summary>One of <see cref="InboundOutcomes"/>: what is known since somebody picked up, final when the call is over; null before.</summary>
    public string? Outcome { get; set; }

    /// <summary>How often it was found to have ended otherwise than was told.</summary>
    public int Revision { get; set; }

    /// <summary>Ended by what is known when nothing was heard by then.</summary>
    public DateTimeOffset? DeadlineAt { get; set; }

    public bool IsOver => State == InboundStates.Over;
}

internal sealed class InboundCallMapping : IEntityTypeConfiguration<InboundCall>
{
    public void Configure(EntityTypeBuilder<InboundCall> builder)
    {
        builder.ToTable("inbound_calls").HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
    }
}
