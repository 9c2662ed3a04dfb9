using System.Globalization;
using System.Text.RegularExpressions;

namespace Outdial.Pacer.Leads.Import;

/// <summary>The text of a workbook's cell: what a person sees in it, but for what depends on where that person's machine was bought. Pure.</summary>
/// <remarks>
/// Dates and times are written as ISO 8601 does, because a sheet shows one date in many ways; amounts without the commas between their thousands;
/// and a number that its column is too narrow for, or that is shown rounded to a power of ten, with all its digits.
/// </remarks>
internal static partial class SheetCell
{
    private const double Exact = 1e15;   // above, a cell does not hold every digit

    /// <param name="value">As it is stored: a text, a number, true or false, an instant, a duration; null: it is empty.</param>
    /// <param name="format">How the sheet shows numbers in this cell: <c>0.00</c>, <c>0%</c>, <c>00000</c>; null: as they are.</param>
    public static string Text(object? value, string? format) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "TRUE" : "FALSE",
        DateTime instant => Instant(instant),
        TimeSpan duration => string.Create(
            CultureInfo.InvariantCulture, $"{Math.Truncate(duration.TotalHours):0}:{duration.Minutes:00}:{Math.Abs(duration.Seconds):00}"),
        double number => Number(number, format),
        int whole => Number(whole, format),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Instant(DateTime instant)
    {
        var time = instant.Second == 0 ? "HH:mm" : "HH:mm:ss";
        return instant.ToString(
            instant.Year < 1900 ? time   // of no day: what counts days from the end of 1899 stands before the first
            : instant.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd"
            : $"yyyy-MM-dd {time}", CultureInfo.InvariantCulture);
    }

    private static string Number(double number, string? format)
    {
        var shown = format?.Split(';')[0].Replace(",", "", StringComparison.Ordinal).Replace('?', '#') ?? "";
        if (Plain().IsMatch(shown) && Math.Abs(number) < Exact)
            return number.ToString(shown, CultureInfo.InvariantCulture);
        if (Math.Abs(number) < Exact && Math.Truncate(number).Equals(number))
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        var digits = number.ToString("G15", CultureInfo.InvariantCulture);
        return digits.Contains('E', StringComparison.Ordinal) && Math.Abs(number) < Exact
            ? number.ToString("0.##############################", CultureInfo.InvariantCulture) : digits;
    }

    /// <summary>Digits, decimals and per cent: what both a sheet and .NET write so.</summary>
    [GeneratedRegex(@"^#*0+(?:\.[0#]+)?%?$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
