namespace Outdial.Contracts;

/// <summary>
/// A Connect applet dials somebody: the popup's word, sent at each stage. In an agent's line the dialed one is a lead, in a
/// customer's call an agent; whoever knows <see cref="IProviderEvent.ProviderCallId"/> knows which.
/// </summary>
public record DialPopup : IProviderEvent
{
    public required Guid EventId { get; init; }
    public required string Account { get; init; }

    /// <summary>The provider's id of the call in whose flow the applet stands.</summary>
    public string? ProviderCallId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }

    /// <summary>One of <see cref="PopupStages"/>, or the provider's own word in lower case.</summary>
    public required string Stage { get; init; }

    /// <summary>Who is at the open end of the call, E.164 where it could be read. Personal data.</summary>
    public string? From { get; init; }

    /// <summary>Who is being dialed, E.164 where it could be read. Personal data.</summary>
    public string? DialedNumber { get; init; }
}

public static class PopupStages
{
    public const string Dial = "dial";
    public const string Ringing = "ringing";
    public const string Answered = "answered";

    /// <summary>This dialing is over; how, the popup does not tell.</summary>
    public const string Terminal = "terminal";
}

/// <summary>A Connect applet is through: the Passthru behind it tells how the dialing ended.</summary>
public record DialEnded : IProviderEvent
{
    public required Guid EventId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }

    /// <summary>Who is at the open end of the call, E.164 where it could be read. Personal data.</summary>
    public string? From { get; init; }

    /// <summary>
    /// Who was dialed, E.164 where it could be read; null: nobody was, or it is masked. Where the phone was forwarded it may be the number of whoever
    /// picked up. Personal data.
    /// </summary>
    public string? DialedNumber { get; init; }

    /// <summary>What the provider calls the same phone elsewhere in the same word, where that is another number. Personal data.</summary>
    public string? OtherNumber { get; init; }

    /// <summary>Every phone that was dialed, in the provider's order, and how each ended; null: not told.</summary>
    public IReadOnlyList<DialedPhone>? Phones { get; init; }

    /// <summary>How the dialing of that number ended, one of <see cref="Outcomes"/>; null when nobody was dialed.</summary>
    public string? Outcome { get; init; }

    /// <summary>The one at the open end left, so the flow does not go on.</summary>
    public bool FromHungUp { get; init; }

    public int? Cause { get; init; }
    public string? CauseName { get; init; }

    /// <summary>How long both sides talked; null when not told.</summary>
    public TimeSpan? TalkTime { get; init; }

    public string? RecordingUrl { get; init; }
}

/// <summary>The call to an agent, or an inbound call, is over as a whole.</summary>
public record LineEnded : IProviderEvent
{
    public required Guid EventId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? RawStatus { get; init; }

    /// <summary>The line, when its own callback told; null for a call that came in.</summary>
    public Guid? LineId { get; init; }

    /// <summary>Completed when the agent had picked up, else how the call to the agent ended: one of <see cref="Outcomes"/>.</summary>
    public required string Outcome { get; init; }
}

/// <summary>One of the phones that a Connect applet dialed, as its Passthru tells.</summary>
/// <param name="Number">E.164; null where it is masked or unreadable. Personal data.</param>
/// <param name="Outcome">One of <see cref="Outcomes"/>; null where nothing is said of it.</param>
public record DialedPhone(string? Number, string? Outcome);
