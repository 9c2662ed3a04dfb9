using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Outdial.Cli.Views;

/// <summary>Names and figures as people read them.</summary>
internal static partial class Words
{
    /// <summary><c>NoAnswer</c> and <c>callbackBeforeReply</c> become "no answer" and "callback before reply".</summary>
    public static string Of(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }
        return words.ToString();
    }

    public static string Percent(double? share) =>
        share is { } known ? (known * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–";

    /// <summary>Of counts: what is rounded already is not rounded once more.</summary>
    public static string Percent(long part, long whole) => Percent(whole == 0 ? null : (double)part / whole);

    /// <summary><c>1 lead</c>, <c>2 leads</c>.</summary>
    /// <param name="many">Of several, where it takes more than an s.</param>
    public static string Count(long number, string one, string? many = null) =>
        $"{number.ToString(CultureInfo.InvariantCulture)} {(number == 1 ? one : many ?? one + "s")}";

    /// <summary>A text of the platform, whose instants are in UTC, with those instants in India's time: all that is shown names one zone.</summary>
    public static string InIndia(string text) => Instant().Replace(text, match =>
        DateTimeOffset.Parse(match.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToOffset(ProgressView.India)
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " IST");

    /// <summary>The first instant that a text of the platform names; null: none.</summary>
    public static DateTimeOffset? InstantIn(string text) => Instant().Match(text) is { Success: true } match
        ? DateTimeOffset.Parse(match.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : null;

    /// <summary>A time of day in India, with its day where it is another one: <c>Tue 09:00 IST</c>.</summary>
    public static string Clock(DateTimeOffset at, DateTimeOffset now)
    {
        var (there, here) = (at.ToOffset(ProgressView.India), now.ToOffset(ProgressView.India));
        return there.ToString(there.Date == here.Date ? "HH:mm" : "ddd HH:mm", CultureInfo.InvariantCulture) + " IST";
    }

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}Z")]
    private static partial Regex Instant();

    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");

    /// <summary>Markup of several items parted by dots, broken into lines between items and never within one.</summary>
    /// <param name="items">Markup.</param>
    /// <param name="width">Of a line, in columns.</param>
    public static string Flow(IEnumerable<string> items, int width)
    {
        var text = new StringBuilder();
        var column = 0;
        foreach (var item in items)
        {
            var length = Markup.Remove(item).Length;
            if (column > 0 && column + 3 + length > width)
            {
                text.Append('\n');
                column = 0;
            }
            text.Append(column > 0 ? "[grey] · [/]" : "").Append(item);
            column += (column > 0 ? 3 : 0) + length;
        }
        return text.ToString();
    }

    public static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
