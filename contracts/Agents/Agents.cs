namespace Outdial.Contracts;

/// <summary>
/// The states of an agent's session. Every one but <see cref="Ready"/>, <see cref="Paused"/> and <see cref="Ended"/> has a deadline.
/// </summary>
public static class AgentStates
{
    /// <summary>The agent's phone is being rung to open the line.</summary>
    public const string CallingAgent = "CallingAgent";

    public const string Ready = "Ready";

    /// <summary>Looks at a lead and has not yet accepted or skipped it.</summary>
    public const string Previewing = "Previewing";

    /// <summary>A lead is being dialed for this agent, or this agent's phone rings for one who waits.</summary>
    public const string Dialing = "Dialing";

    public const string OnCall = "OnCall";
    public const string WrapUp = "WrapUp";

    /// <summary>The agent's phone was rung a moment ago and not picked up: it is rung for nobody before the state's deadline.</summary>
    public const string Resting = "Resting";

    /// <summary>On a break, with a reason; <see cref="AgentReasons.NotAnswering"/> when the platform began it.</summary>
    public const string Paused = "Paused";

    public const string Ended = "Ended";

    public static readonly IReadOnlyList<string> All = [CallingAgent, Ready, Previewing, Dialing, OnCall, WrapUp, Resting, Paused, Ended];
}

/// <summary>Reasons of an agent's state that others act on.</summary>
public static class AgentReasons
{
    /// <summary>
    /// The agent's phone rang several times in a row and was not picked up. <see cref="AgentStates.Paused"/> until the agent says that he is
    /// there, or a supervisor does; <see cref="AgentStates.Ended"/> when nobody does for long.
    /// </summary>
    public const string NotAnswering = "not-answering";
}

/// <summary>How an agent is reached.</summary>
public static class AgentReach
{
    /// <summary>Over one line that stays open from lead to lead (progressive, preview).</summary>
    public const string Line = "line";

    /// <summary>By a call to the agent's phone for each customer (power, inbound).</summary>
    public const string Phone = "phone";
}

/// <summary>An agent's session passed from one state into another. Published by the router with the row.</summary>
public record AgentStateChanged
{
    public required Guid EventId { get; init; }
    public required Guid SessionId { get; init; }
    public required Guid AgentId { get; init; }
    public required string AgentName { get; init; }

    /// <summary>1, 2, 3 … within the session: of two events the one with the higher number is newer.</summary>
    public required long Sequence { get; init; }

    /// <summary>One of <see cref="AgentStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why, in a word: the break's reason, <c>released</c>, <c>hung-up</c>, …</summary>
    public string? Reason { get; init; }

    /// <summary>One of <see cref="AgentReach"/>.</summary>
    public required string Reach { get; init; }

    /// <summary>The campaigns this agent works for.</summary>
    public required IReadOnlyList<Guid> Campaigns { get; init; }

    /// <summary>What this agent can do, as campaigns ask for it; null: not told.</summary>
    public IReadOnlyList<string>? Skills { get; init; }

    /// <summary>The campaign of the lead at hand; null between leads.</summary>
    public Guid? CampaignId { get; init; }

    public Guid? AttemptId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// All open sessions, told again and again (every 10 s by default) by one router: whoever counts agents heals what it missed,
/// and stops counting on agents when nothing is heard of them any more.
/// </summary>
public record AgentsPresent
{
    public required Guid EventId { get; init; }
    public required IReadOnlyList<PresentAgent> Sessions { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <param name="Sequence">As in <see cref="AgentStateChanged.Sequence"/>.</param>
/// <param name="Skills">As in <see cref="AgentStateChanged.Skills"/>.</param>
public record PresentAgent(
    Guid SessionId, Guid AgentId, long Sequence, string State, string Reach, IReadOnlyList<Guid> Campaigns, IReadOnlyList<string>? Skills = null);

/// <summary>
/// Ring this agent and run the agents' flow, once. Sent by the router, done by the pacer's issuers within the account's budget.
/// </summary>
public record OpenAgentLine
{
    /// <summary>Names the line; the provider echoes it and its callbacks carry it.</summary>
    public required Guid LineId { get; init; }

    public required Guid SessionId { get; init; }
    public required Guid AgentId { get; init; }
    public required string Account { get; init; }

    /// <summary>E.164. Personal data.</summary>
    public required string AgentNumber { get; init; }

    /// <summary>The number of ours that the agent sees, E.164; null: a default one of the account.</summary>
    public string? CallerId { get; init; }

    /// <summary>The agents' flow; null: the account's (<c>Accounts:…:AgentFlow</c>).</summary>
    public string? Flow { get; init; }

    /// <summary>After this instant the line is not opened any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The provider took the call to the agent.</summary>
public record AgentLineOpened
{
    public required Guid EventId { get; init; }
    public required Guid LineId { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The line was not opened, or nobody knows whether it was.</summary>
public record AgentLineFailed
{
    public required Guid EventId { get; init; }
    public required Guid LineId { get; init; }
    public required string Account { get; init; }

    /// <summary>In words, without personal data.</summary>
    public required string Reason { get; init; }

    /// <summary>False when the answer was lost: the agent's phone may ring all the same.</summary>
    public required bool Certain { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>An agent said what came of a conversation. Told by the router with the row.</summary>
public record LeadDispositioned
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid LeadId { get; init; }
    public required Guid AgentId { get; init; }

    /// <summary>One of the campaign's disposition codes; null when only a note or a call-back was left.</summary>
    public string? Code { get; init; }

    public string? Note { get; init; }

    /// <summary>Call again then: dialed on time, whatever the redial policy says. Window and opt-out still hold.</summary>
    public DateTimeOffset? CallBackAt { get; init; }

    /// <summary>The call-back is this agent's own; null: anyone's.</summary>
    public Guid? CallBackAgentId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>How a customer's call to one of our numbers ended.</summary>
public static class InboundOutcomes
{
    /// <summary>Talked to an agent of whom it is known who it is.</summary>
    public const string Completed = "Completed";

    /// <summary>
    /// Talked to somebody, to whom is not known: several phones may have been picked up, and the provider names another number or none. Neither
    /// missed nor a voicemail: nobody is called back for it.
    /// </summary>
    public const string Unidentified = "Unidentified";

    /// <summary>Talked to whoever picked up at the number's fallback.</summary>
    public const string Fallback = "Fallback";

    /// <summary>Left a message: only where the provider says so.</summary>
    public const string Voicemail = "Voicemail";

    /// <summary>Reached nobody.</summary>
    public const string Missed = "Missed";

    public static readonly IReadOnlyList<string> All = [Completed, Unidentified, Fallback, Voicemail, Missed];
}

/// <summary>A customer called one of our numbers and reached nobody.</summary>
public record InboundCallMissed
{
    public required Guid EventId { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }

    /// <summary>The customer's number, E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary>The number of ours that was called, E.164.</summary>
    public required string Did { get; init; }

    /// <summary>The campaign that calls back; null: the number has none.</summary>
    public Guid? CampaignId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// A customer of whom <see cref="InboundCallMissed"/> had told, or will, reached somebody in that call after all, or left a message: nobody has to
/// call back.
/// </summary>
public record InboundCallReached
{
    public required Guid EventId { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }

    /// <summary>The customer's number, E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary>The number of ours that was called, E.164.</summary>
    public required string Did { get; init; }

    /// <summary>The campaign that would call back; null: the number has none.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>When it was known.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// A customer's call to one of our numbers is over. Told again when a later word changed it: the highest <see cref="Revision"/> stands.
/// </summary>
public record InboundCallEnded
{
    public required Guid EventId { get; init; }
    public required Guid InboundId { get; init; }
    public required string Account { get; init; }
    public required string Did { get; init; }

    /// <summary>One of <see cref="InboundOutcomes"/>.</summary>
    public required string Outcome { get; init; }

    public Guid? CampaignId { get; init; }
    public Guid? AgentId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? ConnectedAt { get; init; }
    public TimeSpan? TalkTime { get; init; }

    /// <summary>The conversation's, or the message's.</summary>
    public string? RecordingUrl { get; init; }

    /// <summary>Grows with each telling.</summary>
    public int Revision { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
