using System.Globalization;
using System.Text;

namespace Outdial.Analytics.Reports;

/// <summary>Lines of a CSV file after RFC 4180: commas, CRLF, quotes where a field needs them and doubled inside.</summary>
public static class Csv
{
    private static readonly char[] NeedsQuotes = [',', '"', '\r', '\n'];

    /// <summary>One line with its CRLF. Null is an empty field; numbers and instants are written the same everywhere.</summary>
    public static string Line(params ReadOnlySpan<object?> fields)
    {
        var line = new StringBuilder();
        for (var index = 0; index < fields.Length; index++)
        {
            if (index > 0)
                line.Append(',');
            Append(line, Text(fields[index]));
        }
        return line.Append("\r\n").ToString();
    }

    private static string Text(object? field) => field switch
    {
        null => "",
        bool yes => yes ? "true" : "false",
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        TimeSpan duration => duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
        double rate => rate.ToString("0.####", CultureInfo.InvariantCulture),
        decimal money => money.ToString("0.00##", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => field.ToString() ?? "",
    };

    // Blanks at either end are data (RFC 4180, section 2.4), but many readers trim them unless they are quoted.
    private static void Append(StringBuilder line, string field)
    {
        if (field.IndexOfAny(NeedsQuotes) < 0 && field.Trim().Length == field.Length)
            line.Append(field);
        else
            line.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
