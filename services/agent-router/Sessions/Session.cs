using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Sessions;

/// <summary>One stretch of an agent from sign-in to sign-out. Changed only under its row lock, by <see cref="SessionChanges"/>.</summary>
internal sealed class Session
{
    public Guid Id { get; init; }
    public Guid AgentId { get; init; }
    public required string AgentName { get; init; }

    /// <summary>E.164, as it was at sign-in. Personal data.</summary>
    public required string Phone { get; init; }

    public required string Account { get; init; }

    /// <summary>One of <see cref="AgentReach"/>.</summary>
    public required string Reach { get; init; }

    public required List<Guid> Campaigns { get; set; }
    public required List<string> Skills { get; set; }

    /// <summary>One of <see cref="AgentStates"/>.</summary>
    public string State { get; set; } = AgentStates.Ready;

    /// <summary>Why it is in this state.</summary>
    public string? Reason { get; set; }

    public long Sequence { get; set; }
    public DateTimeOffset StateSince { get; set; }
    public DateTimeOffset? DeadlineAt { get; set; }

    /// <summary>The lead at hand: shown, dialed, talked to, or just talked to.</summary>
    public Guid? AttemptId { get; set; }

    public Guid? CampaignId { get; set; }

    /// <summary>The line as we ordered it; null: none is ordered or open.</summary>
    public Guid? LineId { get; set; }

    /// <summary>The provider's id of the line, once it is known.</summary>
    public string? LineCallId { get; set; }

    /// <summary>When the line last asked whom to dial, by the provider's clock.</summary>
    public DateTimeOffset? LineAskedAt { get; set; }

    /// <summary>A line that has not been heard of by then is gone; null while a deadline of the state covers it.</summary>
    public DateTimeOffset? LineSilentAt { get; set; }

    /// <summary>Our last answer ends the line, because the flow cannot wait: its end is no hanging up.</summary>
    public bool LineLetGo { get; set; }

    /// <summary>No other lead before then, by our clock: there is no word yet that the last one was dialed.</summary>
    public DateTimeOffset? NextLeadFrom { get; set; }

    /// <summary>How many lines in a row were over before the provider had told us which call they were.</summary>
    public int LinesNotKnown { get; set; }

    /// <summary>How often in a row the agent's phone was rung and not picked up.</summary>
    public int Misses { get; set; }

    /// <summary>When a call that is not this line was last told to have claimed to be it.</summary>
    public DateTimeOffset? StrangerAt { get; set; }

    public bool WantsSignOut { get; set; }

    /// <summary>The reason of a break that begins after the call.</summary>
    public string? WantsPause { get; set; }

    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    public bool IsOpen => State != AgentStates.Ended;
    public bool HasLine => LineId is not null;

    /// <summary>On a break because the phone was not picked up several times in a row.</summary>
    public bool IsNotAnswering => State == AgentStates.Paused && Reason == AgentReasons.NotAnswering;

    /// <summary>A customer's phone rings for this agent, this agent's for a customer, or they talk.</summary>
    public bool IsInCall => State is AgentStates.Dialing or AgentStates.OnCall;
}

internal sealed class SessionMapping : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions").HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
    }
}
