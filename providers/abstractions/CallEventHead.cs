using Outdial.Contracts;

namespace Outdial.Providers;

/// <summary>
/// What all events about an attempt's call have in common; makes each kind of them, to which a translator adds what it knows beyond that.
/// </summary>
/// <param name="EventId">See <see cref="EventIds"/>.</param>
/// <param name="AttemptId">Empty when only the call's id can tell.</param>
/// <param name="OccurredAt">By the provider's clock, UTC.</param>
/// <param name="RawStatus">The provider's own word.</param>
public sealed record CallEventHead(
    Guid EventId, Guid AttemptId, string Account, string? ProviderCallId, DateTimeOffset OccurredAt, DateTimeOffset ReceivedAt, string? RawStatus)
{
    /// <summary>Words of a provider are kept, but none is longer than this many characters.</summary>
    public const int LongestWord = 128;

    /// <summary>Says again, of an attempt, what a provider's event told of it.</summary>
    /// <param name="now">The time of the new event's id.</param>
    /// <param name="at">When it happened, where that is not when the word says.</param>
    public static CallEventHead Of(Guid attemptId, IProviderEvent word, DateTimeOffset now, DateTimeOffset? at = null) => new(
        Guid.CreateVersion7(now), attemptId, word.Account, word.ProviderCallId, at ?? word.OccurredAt, word.ReceivedAt, word.RawStatus);

    public static string? Short(string? text) => text is { Length: > LongestWord } ? text[..LongestWord] : text;

    public CallRinging Ringing() => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
    };

    public CallAnswered Answered() => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
    };

    public CallConnected Connected() => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
    };

    public CallQueued Queued() => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
    };

    public CallDequeued Dequeued() => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
    };

    public CallHeld Held() => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
    };

    public CallTransferred Transferred() => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
    };

    public CallDigitsPressed Pressed(string digits) => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
        Digits = digits,
    };

    /// <param name="outcome">One of <see cref="Outcomes"/>.</param>
    public CallTerminated Terminated(string outcome) => new()
    {
        EventId = EventId,
        AttemptId = AttemptId,
        Account = Account,
        ProviderCallId = ProviderCallId,
        OccurredAt = OccurredAt,
        ReceivedAt = ReceivedAt,
        RawStatus = RawStatus,
        Outcome = outcome,
    };
}
