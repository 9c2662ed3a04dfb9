using System.Globalization;

namespace Outdial.Providers;

/// <summary>What providers write where an instant is meant, beside dates: nothing yet, or a count since 1970.</summary>
public static class ProviderTimes
{
    /// <summary>Counts have whole seconds (ten digits), milliseconds or microseconds, perhaps with a fraction.</summary>
    private const long FirstSecond = 1_000_000_000, LastSecond = 32_000_000_000;

    /// <summary>The beginning of 1970, on both sides of Greenwich, the zero dates of databases, the last second of 32 bits.</summary>
    private static readonly string[] NoDates = ["1970-01-01", "1969-12-31", "0000-", "0001-01-01", "2038-01-19"];

    /// <summary>A known way to write that there is no time yet.</summary>
    public static bool IsNone(string text)
    {
        text = text.Trim();
        return text is "0" or "-1" or "2147483647" || text.Contains(" 1970 ", StringComparison.Ordinal)
            || NoDates.Any(date => text.StartsWith(date, StringComparison.Ordinal));
    }

    /// <summary>The instant of a count since 1970; null when the text is none, or counts what no call's time is.</summary>
    public static DateTimeOffset? Counted(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return null;
        foreach (var unit in (long[])[1, 1_000, 1_000_000])
        {
            if (count / unit is > FirstSecond and < LastSecond and var seconds)
                return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }
        return null;
    }
}
