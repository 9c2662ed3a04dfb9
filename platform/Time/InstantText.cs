using System.Globalization;
using System.Text.RegularExpressions;

namespace Outdial.Platform;

/// <summary>
/// Reads instants as people and programs write them (RFC 3339). What names one instant is taken, in the common loose forms too; what leaves the
/// reader to guess is not: a time without an offset is another instant on each machine, and a date alone begins at another one in each country.
/// </summary>
public static partial class InstantText
{
    /// <summary>What a person should have written.</summary>
    public const string Expected = "an instant with its offset, such as 2026-12-24T18:00:00Z or 2026-12-24T18:00:00+05:30, of the years 1970 to 2199";

    private static readonly TimeSpan FarthestOffset = TimeSpan.FromHours(14);
    private static readonly long Earliest = DateTime.UnixEpoch.Ticks, End = new DateTime(2200, 1, 1).Ticks;

    /// <summary>Reads an instant.</summary>
    /// <param name="text">
    /// <c>2026-12-24T18:00:00Z</c>; also with a blank or a small letter for the T, a small z, an offset of <c>+05:30</c>, <c>+0530</c> or <c>+05</c>,
    /// without seconds, with any fraction of them (what is finer than 100 ns is dropped), with blanks around it.
    /// </param>
    /// <param name="instant">UTC.</param>
    public static bool TryRead(string? text, out DateTimeOffset instant)
    {
        instant = default;
        if (text is null || Form().Match(text.Trim()) is not { Success: true } form
            || !DateTime.TryParseExact(
                $"{form.Groups["date"]} {form.Groups["time"]}", "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out var minute))
            return false;
        var offset = new TimeSpan(Number(form.Groups["hours"]), Number(form.Groups["minutes"]), 0) * (form.Groups["sign"].ValueSpan is "-" ? -1 : 1);
        if (offset.Duration() > FarthestOffset || Number(form.Groups["minutes"]) > 59)
            return false;
        var (utc, second) = (minute.Ticks - offset.Ticks, Number(form.Groups["second"]));
        // A leap second is the last of a day of UTC. No clock of ours has it: it is the first of the next day.
        if (second > 60 || (second == 60 && utc / TimeSpan.TicksPerMinute % 1440 != 1439))
            return false;
        utc += second * TimeSpan.TicksPerSecond + (second == 60 ? 0 : Fraction(form.Groups["fraction"]));
        if (utc < Earliest || utc >= End)
            return false;
        instant = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static long Fraction(Group group) =>
        group.Success ? long.Parse(group.Value.PadRight(7, '0').AsSpan(0, 7), CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2})(?::(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]{1,30}))?)?"
        + @" ?(?:[Zz]|(?<sign>[+-])(?<hours>[0-9]{2})(?::?(?<minutes>[0-9]{2}))?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
