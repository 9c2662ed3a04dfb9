namespace Outdial.Simulator;

/// <summary>One phone that a flow's Connect dialed. Immutable; its call holds the newest version.</summary>
/// <param name="Number">The dialed number, E.164.</param>
/// <param name="CallerId">The own number shown to it, E.164.</param>
/// <param name="Status">
/// Exotel's word: <c>completed</c>, <c>busy</c>, <c>no-answer</c>, <c>failed</c>, <c>canceled</c>; null until it is over.
/// </param>
/// <param name="Cause">Such as <c>NORMAL_CLEARING</c>; null until it is over.</param>
/// <param name="Agent">The agent who takes part, E.164; null when there is none.</param>
/// <param name="ToAgent">Whether the dialed phone is the agent's; otherwise it is a lead's.</param>
/// <param name="Occasion">How many calls the dialed person has had, this one included.</param>
public sealed record Leg(
    int Index, string Number, string CallerId, DateTimeOffset DialedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    string? Status, LegCause? Cause, string? Agent, bool ToAgent, int Occasion)
{
    /// <summary>What the provider names in place of the dialed number of a phone that is forwarded; empty: none; null: it is not.</summary>
    public string? ForwardedTo { get; init; }

    /// <summary>The phone's number as the provider names it once it rings; empty when it names none.</summary>
    public string Named => ForwardedTo ?? Number;

    public int TalkSeconds => AnsweredAt is { } from && EndedAt is { } to ? (int)Math.Round((to - from).TotalSeconds) : 0;
}

/// <summary>Why a leg ended: a passthru sends the name as <c>CauseCode</c> and the number as <c>Cause</c>.</summary>
public sealed record LegCause(string Name, int Number)
{
    public static readonly LegCause NormalClearing = new("NORMAL_CLEARING", 16);
    public static readonly LegCause UserBusy = new("USER_BUSY", 17);
    public static readonly LegCause RingTimeout = new("RING_TIMEOUT", 1003);
    public static readonly LegCause SubscriberAbsent = new("SUBSCRIBER_ABSENT", 20);
    public static readonly LegCause UnallocatedNumber = new("UNALLOCATED_NUMBER", 1);

    /// <summary>Exotel's word for a leg that was not answered, and its cause.</summary>
    public static (string Status, LegCause Cause) Of(Ending ending) => ending switch
    {
        Ending.Busy => ("busy", UserBusy),
        Ending.SwitchedOff => ("failed", SubscriberAbsent),
        Ending.NonExistent => ("failed", UnallocatedNumber),
        _ => ("no-answer", RingTimeout),
    };
}
