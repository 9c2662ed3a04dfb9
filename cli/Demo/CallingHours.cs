using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Outdial.Cli.Demo;

/// <summary>When people may be called, on every day of the week.</summary>
/// <param name="From">On the called person's clock, <c>09:00</c>.</param>
/// <param name="To">Likewise; <c>24:00</c> is the end of the day, an earlier time than <paramref name="From"/> is on the next day.</param>
/// <param name="TimeZone">IANA zone of leads that leave theirs open.</param>
public sealed record CallingHours(string From, string To, string TimeZone)
{
    public const string UsualZone = "Asia/Kolkata";

    private const string EndOfDay = "24:00";

    /// <param name="text">Such as <c>09:00-20:00</c> or <c>09:00-20:00 Asia/Kolkata</c>.</param>
    /// <param name="hours">Null when false is returned.</param>
    /// <param name="expected">What would be right, in words; null when true is returned.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out CallingHours? hours, [NotNullWhen(false)] out string? expected)
    {
        hours = null;
        expected = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var times = words.Length is 1 or 2 ? words[0].Split('-', '–') : [];
        if (times.Length != 2 || !IsTime(times[0]) || !(times[1] == EndOfDay || IsTime(times[1])))
            expected = "two times of day, such as 09:00-20:00, or 09:00-24:00 to the end of the day; after a blank a zone may follow";
        else if (times[0] == times[1])
            expected = "two different times of day; for the whole day write 00:00-24:00";
        else if (words.Length == 2 && !(words[1].Contains('/') && TimeZoneInfo.TryFindSystemTimeZoneById(words[1], out _)))
            expected = $"followed by an IANA zone such as {UsualZone}; there is no {words[1]}";
        else
            hours = new(times[0], times[1], words.Length == 2 ? words[1] : UsualZone);
        return hours is not null;
    }

    public override string ToString() => $"{From}-{To} on their own clock, on every day";

    private static bool IsTime(string text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
