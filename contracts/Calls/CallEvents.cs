namespace Outdial.Contracts;

/// <summary>Something a provider told us, in neutral words. Events repeat, come late and come out of order.</summary>
public interface IProviderEvent
{
    /// <summary>Names this event. The same webhook, replayed, has the same id.</summary>
    Guid EventId { get; }

    /// <summary>The provider account by its name in our configuration.</summary>
    string Account { get; }

    /// <summary>The provider's id of the call (Exotel: <c>CallSid</c>), when it was told.</summary>
    string? ProviderCallId { get; }

    /// <summary>When it happened, by the provider's clock, UTC. The time of receipt where the provider names none.</summary>
    DateTimeOffset OccurredAt { get; }

    /// <summary>When we received it, UTC.</summary>
    DateTimeOffset ReceivedAt { get; }

    /// <summary>The provider's own word for the state, unchanged.</summary>
    string? RawStatus { get; }
}

/// <summary>A provider event about one attempt's call; whoever consumes them only ever moves a call forward.</summary>
public interface ICallEvent : IProviderEvent
{
    /// <summary>The attempt this is about: our own id, made before the provider heard of the call.</summary>
    Guid AttemptId { get; }
}

/// <summary>The lead's phone rings.</summary>
public record CallRinging : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }
}

/// <summary>The lead's phone was picked up, by a person or a machine.</summary>
public record CallAnswered : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }

    /// <summary>Who the provider believes picked up (<c>human</c>, <c>machine</c>, …), lower case; null when it does not say.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>
    /// How long before the word was said it happened, where <see cref="OccurredAt"/> was reckoned back from that; null: it is the word's own instant.
    /// </summary>
    public TimeSpan? ReckonedBack { get; init; }

    /// <summary>What was recorded by then, as told by a step of the call's flow; null: nothing was, or nobody told.</summary>
    public string? RecordingUrl { get; init; }
}

/// <summary>The answered lead was joined with an agent, a bot or a second party.</summary>
public record CallConnected : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }

    /// <summary>The agent, where it is known who it is.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>The agent's phone or extension as the provider names it, where it does. Personal data.</summary>
    public string? AgentNumber { get; init; }

    /// <summary>
    /// How long before the word was said it happened, where <see cref="OccurredAt"/> was reckoned back from that; null: it is the word's own instant.
    /// </summary>
    public TimeSpan? ReckonedBack { get; init; }

    /// <summary>How long both sides talked, where it is told when the conversation is over; null: not told.</summary>
    public TimeSpan? TalkTime { get; init; }

    /// <summary>The conversation's recording, where it is told with it.</summary>
    public string? RecordingUrl { get; init; }
}

/// <summary>The answered lead waits for an agent.</summary>
public record CallQueued : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }
}

/// <summary>The lead left the queue; whether for an agent's ear or for good, other events tell.</summary>
public record CallDequeued : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }
}

/// <summary>One side put the other on hold. The call stays connected.</summary>
public record CallHeld : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }
}

/// <summary>The connected call was handed on. It stays connected.</summary>
public record CallTransferred : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }
}

/// <summary>The lead pressed keys in the call flow. The call goes on.</summary>
public record CallDigitsPressed : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }

    /// <summary>The keys, without the quotes that Exotel wraps them in.</summary>
    public required string Digits { get; init; }
}

/// <summary>The call is over. Carries exactly one outcome (see <see cref="Outcomes"/>).</summary>
public record CallTerminated : ICallEvent
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }

    /// <summary>One of <see cref="Outcomes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Q.850 cause number, or the provider's own above 127.</summary>
    public int? Cause { get; init; }

    /// <summary>Name of the cause, as sent.</summary>
    public string? CauseName { get; init; }

    /// <summary>How long both sides talked; null when the provider has not said yet.</summary>
    public TimeSpan? TalkTime { get; init; }

    public string? AnsweredBy { get; init; }

    public string? RecordingUrl { get; init; }

    /// <summary>How we learned it: <c>webhook</c>, <c>reconciliation</c>, or <see cref="EndSources.Inferred"/>.</summary>
    public string Source { get; init; } = "webhook";

    /// <summary>
    /// True when the provider cannot be taken at its word: the lead had answered, and may still wait or talk to another agent.
    /// Unless the ledger has seen the call connected, the provider's records are asked before it ends.
    /// </summary>
    public bool Provisional { get; init; }

    /// <summary>
    /// True when a step of the call's flow told it: so it would end if nothing more came, and the flow may go on. Provisional always. The
    /// provider's final word or its records end the call.
    /// </summary>
    public bool Step { get; init; }

    /// <summary>
    /// True when a number was asked for and nobody has said that it was dialed: no try of the lead is used up. Gaps and caps of the person hold all
    /// the same, because it may have been.
    /// </summary>
    public bool InVain { get; init; }
}

/// <summary>What the provider's records say about a call some time after it ended: fills blanks, and tells where it reached nobody.</summary>
public record CallDetailed
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }
    public TimeSpan? Duration { get; init; }
    public TimeSpan? TalkTime { get; init; }

    /// <summary>In the account's currency, as the provider bills it.</summary>
    public decimal? Price { get; init; }

    public string? RecordingUrl { get; init; }
    public string? AnsweredBy { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How the call ended, where the records tell outright that it reached nobody although it was answered; null: they do not.</summary>
    public string? InVain { get; init; }
}
