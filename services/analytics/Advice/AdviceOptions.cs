using System.ComponentModel.DataAnnotations;

namespace Outdial.Analytics.Advice;

/// <summary>How often the completion rate of a watched campaign is told to the pacer.</summary>
internal sealed class AdviceOptions
{
    public const string Section = "Analytics:Advice";

    /// <summary>How often the watched campaigns are looked at. Real time, whatever the clock's speed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A new advice waits for this many attempts since the last one. At least 1.</summary>
    [Range(1, 10_000)]
    public int EveryAttempts { get; init; } = 10;

    /// <summary>Or for this long since the last one, so that the last attempts of a quiet hour are told too.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan OrAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A rate that moved by less is not worth a message, in [0, 1]. Default 0.01: one point.</summary>
    [Range(0.0, 1.0)]
    public double Step { get; init; } = 0.01;
}
