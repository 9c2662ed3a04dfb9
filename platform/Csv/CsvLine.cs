using System.Buffers;
using System.Globalization;
using System.Text;

namespace Outdial.Platform;

/// <summary>
/// One line of a CSV file after RFC 4180: commas, CRLF, quotes where a field needs them and doubled inside. There is no other way to
/// make one than from fields, each of which is made safe for spreadsheets (<see cref="SafeCell"/>).
/// </summary>
public readonly struct CsvLine
{
    // Those of other separators too: spreadsheets cut at them unless they are quoted.
    private static readonly SearchValues<char> s_needsQuotes = SearchValues.Create(',', '"', '\r', '\n', ';', '\t', '|');

    private readonly string? _text;

    private CsvLine(string text) => _text = text;

    /// <summary>Null is an empty field; numbers and instants are written the same everywhere, durations in seconds.</summary>
    public static CsvLine Of(params ReadOnlySpan<object?> fields)
    {
        var line = new StringBuilder();
        for (var index = 0; index < fields.Length; index++)
        {
            if (index > 0)
                line.Append(',');
            Append(line, SafeCell.Write(Text(fields[index])));
        }
        return new CsvLine(line.Append("\r\n").ToString());
    }

    /// <summary>With its CRLF.</summary>
    public override string ToString() => _text ?? "";

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
        if (field.AsSpan().IndexOfAny(s_needsQuotes) < 0 && field.AsSpan().Trim().Length == field.Length)
            line.Append(field);
        else
            line.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
