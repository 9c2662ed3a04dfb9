using System.ComponentModel.DataAnnotations;

namespace Outdial.Analytics.Inbound;

/// <summary>Sums over customers' calls to our numbers that are over.</summary>
internal record InboundSums
{
    public required long Calls { get; init; }

    /// <summary>Reached an agent of whom it is known who it is.</summary>
    public required long Answered { get; init; }

    /// <summary>Answered within the time that <c>Analytics:Inbound:AnswerWithin</c> asks for.</summary>
    public required long AnsweredInTime { get; init; }

    public required long Missed { get; init; }

    /// <summary>Left a message, by the provider's word.</summary>
    public required long Voicemail { get; init; }

    /// <summary>Talked to somebody of whom it is not known who it was: a forwarded phone, or one that the provider does not name.</summary>
    public required long Unidentified { get; init; }

    /// <summary>Talked to whoever picked up at the number's fallback.</summary>
    public required long Fallback { get; init; }

    /// <summary>Of all who talked to somebody.</summary>
    public required TimeSpan TalkTime { get; init; }

    /// <summary>From the call's start to the agent's voice, of the answered ones; null without any.</summary>
    public required TimeSpan? AverageWait { get; init; }

    /// <summary><see cref="AnsweredInTime"/> / <see cref="Calls"/>, in [0, 1], four decimals; null without calls.</summary>
    public double? ServiceLevel => Calls == 0 ? null : Math.Round((double)AnsweredInTime / Calls, 4, MidpointRounding.AwayFromZero);
}

/// <summary>The sums of one number of ours.</summary>
internal sealed record InboundOfNumber : InboundSums
{
    /// <summary>E.164.</summary>
    public required string Did { get; init; }
}

/// <summary>Inbound calls that began in a stretch of time.</summary>
internal sealed record InboundReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>What counts as answered in time.</summary>
    public required TimeSpan AnswerWithin { get; init; }

    public required InboundSums Totals { get; init; }
    public required IReadOnlyList<InboundOfNumber> Numbers { get; init; }
}

internal sealed class InboundOptions
{
    public const string Section = "Analytics:Inbound";

    /// <summary>A call that an agent answers by then counts as answered in time. Default 20 s: the usual service level.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(20);
}
