using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;

namespace Outdial.Pacer.Calls;

/// <summary>
/// One try to reach one lead: the ledger's row, and the instance of the call saga. Written before the provider hears of it.
/// Facts only fill blanks or move times earlier, so that any order of the same events gives the same row.
/// </summary>
internal sealed partial class Attempt : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }
    public Guid CampaignId { get; init; }
    public Guid LeadId { get; init; }
    public int AttemptNumber { get; init; }
    public required string Account { get; init; }

    /// <summary>The campaign's mode: one of <see cref="CampaignModes"/>.</summary>
    public required string Mode { get; init; }

    /// <summary>The lead's number, E.164. Personal data.</summary>
    public required string Number { get; init; }

    public required string CallerId { get; init; }
    public string? CallerIdCircle { get; init; }
    public string? Circle { get; init; }
    public required string TimeZone { get; init; }

    /// <summary>What the lead had when it was written: the zone that was named for it, or none (empty), or nothing said (null).</summary>
    public string? OwnZone { get; init; }
    public required string Flow { get; init; }
    public TimeSpan RingTimeout { get; init; }
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The campaign's <c>reachedAfter</c> when it was written; null: whoever picked up was reached.</summary>
    public TimeSpan? ReachedAfter { get; init; }
    public long? DecisionId { get; init; }

    /// <summary>One of <see cref="CallStates"/>, or <see cref="Submitting"/> while a request is under way.</summary>
    public string State { get; set; } = CallStates.Requested;

    public int Version { get; set; }
    public string? TraceParent { get; init; }

    /// <summary>When it was written; of an attempt that went through the hopper: when it was dialed.</summary>
    public DateTimeOffset RequestedAt { get; set; }

    /// <summary>When it went into the hopper; null: it did not.</summary>
    public DateTimeOffset? OfferedAt { get; init; }

    /// <summary>The call-back that it was made to keep; null: it was not made for one.</summary>
    public DateTimeOffset? CallBackAt { get; init; }

    /// <summary>The agent's session over whose line it was dialed; null: it was not dialed over one.</summary>
    public Guid? SessionId { get; set; }

    /// <summary>The agent who talked, or for whom it was dialed.</summary>
    public Guid? AgentId { get; set; }

    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? SubmittedAt { get; set; }
    public string? UncertainReason { get; set; }

    /// <summary>The provider's id of the call; of an attempt dialed over an agent's line: the line's, shared by all its leads.</summary>
    public string? ProviderCallId { get; set; }
    public DateTimeOffset? RingingAt { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>When the answered lead began to wait for an agent.</summary>
    public DateTimeOffset? QueuedAt { get; set; }

    public DateTimeOffset? DequeuedAt { get; set; }
    public DateTimeOffset? ConnectedAt { get; set; }

    /// <summary>When a final word came that is not to be taken at its word.</summary>
    public DateTimeOffset? ProvisionalEndedAt { get; set; }

    /// <summary>How the call would have ended with the furthest step of its flow that was told; null: no step said anything of it.</summary>
    public string? StepOutcome { get; set; }

    /// <summary>The final word that stands, of all that came (see <see cref="FinalWord"/>); null: none came.</summary>
    public string? ToldOutcome { get; set; }

    /// <summary>Whose word it is, or <see cref="FinalWord.Ledger"/>.</summary>
    public string? ToldSource { get; set; }

    /// <summary>When it was over by that word.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    /// <summary>When it ended: as it was told and can be true, and not before anything that happened in it.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The end as the word that closed it told it, held to what we saw ourselves.</summary>
    public DateTimeOffset? EndToldAt { get; set; }

    /// <summary>
    /// When the word that closed it was received, by our clock. What waits after a call waits from then, or from a later <see cref="EndedAt"/>.
    /// </summary>
    public DateTimeOffset? EndHeardAt { get; set; }

    public string? Outcome { get; set; }
    public bool Dialed { get; set; }
    public bool CountsAsTry { get; set; } = true;

    /// <summary>Abandoned by the law's definition: a person answered and heard no agent within the campaign's limit.</summary>
    public bool Dropped { get; set; }

    public string? Source { get; set; }
    public string? RawStatus { get; set; }
    public int? Cause { get; set; }
    public string? CauseName { get; set; }
    public string? Reason { get; set; }
    public TimeSpan? TalkTime { get; set; }
    public TimeSpan? Duration { get; set; }
    public decimal? Price { get; set; }
    public string? AnsweredBy { get; set; }

    /// <summary>What speaks for that word: see <see cref="AttemptFacts"/>.</summary>
    public int? AnsweredByRank { get; set; }
    public string? Digits { get; set; }
    public string? RecordingUrl { get; set; }

    /// <summary>What speaks for that recording: see <see cref="AttemptFacts"/>.</summary>
    public double? RecordingRank { get; set; }

    /// <summary>What the agent said came of it: a code of the campaign.</summary>
    public string? Disposition { get; set; }

    public string? Note { get; set; }

    /// <summary>Silence past this instant is looked into.</summary>
    public DateTimeOffset DeadlineAt { get; set; }

    public int LookUps { get; set; }

    /// <summary>Between "about to ask the provider" and "its answer is stored".</summary>
    public const string Submitting = "Submitting";

    /// <summary>The attempt becomes a call: told once, when it is ordered or, if it was offered, when it is dialed.</summary>
    public AttemptStarted Started(DateTimeOffset at) => new()
    {
        EventId = Guid.CreateVersion7(at),
        AttemptId = CorrelationId,
        CampaignId = CampaignId,
        LeadId = LeadId,
        Account = Account,
        AttemptNumber = AttemptNumber,
        CallerId = CallerId,
        Circle = Circle,
        CallerIdCircle = CallerIdCircle,
        Mode = Mode,
        OccurredAt = at,
    };

    public bool IsOpen => State != CallStates.Ended;
}

internal sealed class AttemptMapping : IEntityTypeConfiguration<Attempt>
{
    public void Configure(EntityTypeBuilder<Attempt> builder)
    {
        builder.ToTable("attempts").HasKey(a => a.CorrelationId);
        builder.Property(a => a.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(a => a.Version).IsConcurrencyToken();
        builder.Ignore(a => a.IsOpen);
    }
}
