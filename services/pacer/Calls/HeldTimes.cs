using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.Pacer.Calls;

/// <summary>
/// The instants of an attempt, whoever's clock told them: none is before the attempt was asked for or after it was heard of, and none after the end.
/// Each rule is a bound that does not depend on what came before, so that any order of the same words gives the same row.
/// </summary>
internal static class HeldTimes
{
    /// <summary>What a word's instant is believed to be.</summary>
    public static HeldInstant Held(this Attempt call, object said) => said switch
    {
        CallAnswered { ReckonedBack: { } back } e => call.HeldBefore(e, back),
        CallConnected { ReckonedBack: { } back } e => call.HeldBefore(e, back),
        IProviderEvent e => ForeignClock.Held(e.OccurredAt, call.Earliest(), e.ReceivedAt),
        CallOriginated e => ForeignClock.Held(e.OccurredAt, call.Earliest(), e.ReceivedAt),
        CallUncertain e => new(e.OccurredAt),
        CallDetailed e => new(e.ReceivedAt),
        _ => throw new ArgumentException($"A {said.GetType().Name} tells no instant of a call.", nameof(said)),
    };

    /// <summary>When it happened, as far as that is believed.</summary>
    public static DateTimeOffset At(this Attempt call, IProviderEvent said) => call.Held(said).At;

    /// <summary>Enters when it ended and when that was heard.</summary>
    /// <returns>The ending with the instant that the ledger has now.</returns>
    internal static Ending EndsAt(this Attempt call, Ending ending)
    {
        // Our own machines' clocks differ, too.
        (call.EndToldAt, call.EndHeardAt) = (Later(ending.At, call.RequestedAt), Later(ending.HeardAt, call.RequestedAt));
        call.KeepOrder();
        return ending with { At = call.EndedAt!.Value };
    }

    /// <summary>
    /// Brings the instants of an attempt that is over into their order. What is told late happened by the time the end was heard of; what the
    /// provider said of the end gives way where the call is known to have gone on.
    /// </summary>
    public static void KeepOrder(this Attempt call)
    {
        if (call is not { EndToldAt: { } told, EndHeardAt: { } heard })
            return;
        call.RingingAt = Earlier(call.RingingAt, heard);
        call.AnsweredAt = Earlier(call.AnsweredAt, heard);
        call.QueuedAt = Earlier(call.QueuedAt, heard);
        call.DequeuedAt = Earlier(call.DequeuedAt, heard);
        call.ConnectedAt = Earlier(call.ConnectedAt, heard);
        call.EndedAt = new[] { told, call.RingingAt, call.AnsweredAt, call.QueuedAt, call.DequeuedAt, call.ConnectedAt }.Max();
    }

    /// <summary>It is learned that it was asked for only then: nothing that was told before happened earlier.</summary>
    public static void BeginsAt(this Attempt call, DateTimeOffset at)
    {
        call.RingingAt = LaterOf(call.RingingAt);
        call.AnsweredAt = LaterOf(call.AnsweredAt);
        call.QueuedAt = LaterOf(call.QueuedAt);
        call.DequeuedAt = LaterOf(call.DequeuedAt);
        call.ConnectedAt = LaterOf(call.ConnectedAt);
        call.ProvisionalEndedAt = LaterOf(call.ProvisionalEndedAt);
        call.ToldAt = LaterOf(call.ToldAt);
        call.EndToldAt = LaterOf(call.EndToldAt);
        call.EndHeardAt = LaterOf(call.EndHeardAt);
        call.EndedAt = LaterOf(call.EndedAt);
        call.KeepOrder();

        DateTimeOffset? LaterOf(DateTimeOffset? known) => known < at ? at : known;
    }

    public static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>So long before the word was said: what is held is the word, and a duration is a duration by any clock.</summary>
    private static HeldInstant HeldBefore(this Attempt call, IProviderEvent said, TimeSpan back)
    {
        var word = ForeignClock.Held(said.OccurredAt + back, call.Earliest(), said.ReceivedAt);
        return word with { At = Later(word.At - back, call.Earliest()) };
    }

    /// <summary>Nothing of the call happened before that, by our own clock.</summary>
    internal static DateTimeOffset Earliest(this Attempt call) => Later(call.SubmittedAt ?? call.RequestedAt, call.RequestedAt);

    private static DateTimeOffset? Earlier(DateTimeOffset? known, DateTimeOffset bound) => known > bound ? bound : known;
}
