namespace Outdial.Pacer.Campaigns;

/// <summary>How long something may last that a campaign's rules tell: an instant and such a duration always make another instant.</summary>
internal static class Durations
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>What a person should have written.</summary>
    public const string Expected = "a duration from 00:00:00 to 366.00:00:00, such as 00:15:00";

    public static bool IsGood(TimeSpan duration) => duration >= TimeSpan.Zero && duration <= Longest;

    /// <summary>The nearest that is good.</summary>
    public static TimeSpan Bounded(this TimeSpan duration) =>
        duration > Longest ? Longest : duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
}
