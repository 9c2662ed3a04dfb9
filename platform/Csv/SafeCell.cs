using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Outdial.Platform;

/// <summary>
/// Cells that a spreadsheet shows and does not run. What would be taken for a formula is written with an apostrophe in front, a
/// spreadsheet's own mark for "this is text", and read back without it: whatever is written is read as it was.
/// </summary>
/// <remarks>
/// Numbers and telephone numbers (<c>-12.5</c>, <c>+919876543210</c>) are left alone: as a formula they are the number that they say,
/// and programs that read the file expect them bare. Whoever opens a file with a semicolon for separator, or takes a line break
/// for the end of a row, cuts one of our cells into several; each piece is written as if it were a cell of its own.
/// </remarks>
public static partial class SafeCell
{
    private const char Mark = '\'';

    private static readonly SearchValues<char> s_cuts = SearchValues.Create(';', '\t', '\r', '\n');

    // Also as full-width and small forms, which spreadsheets of East Asia take for the same.
    private static readonly SearchValues<char> s_starts = SearchValues.Create("=+-@＝＋－＠﹢﹣﹦﹫−");

    /// <summary>The text with an apostrophe before everything that would run.</summary>
    public static string Write(string text)
    {
        if (text.AsSpan().IndexOfAny(s_starts) < 0 && text.AsSpan().IndexOfAny(s_cuts) < 0)
            return text;
        StringBuilder? safe = null;
        var copied = 0;
        foreach (var (start, end) in Pieces(text))
        {
            if (!Runs(text, start, end))
                continue;
            safe ??= new StringBuilder(text.Length + 8);
            safe.Append(text, copied, start - copied).Append(Mark);
            copied = start;
        }
        return safe is null ? text : safe.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>What <see cref="Write"/> was given. Apostrophes that protect nothing are the text's own, and stay.</summary>
    public static string Read(string cell)
    {
        if (!cell.Contains(Mark))
            return cell;
        StringBuilder? text = null;
        var copied = 0;
        foreach (var (start, end) in Pieces(cell))
        {
            if (start == end || cell[start] != Mark || !Runs(cell, start + 1, end, isFirst: start == 0))
                continue;
            text ??= new StringBuilder(cell.Length);
            text.Append(cell, copied, start - copied);
            copied = start + 1;
        }
        return text is null ? cell : text.Append(cell, copied, cell.Length - copied).ToString();
    }

    private static bool Runs(string text, int start, int end) => Runs(text, start, end, isFirst: start == 0);

    private static bool Runs(string text, int start, int end, bool isFirst)
    {
        while (start < end && IsStrippedByReaders(text[start]))
            start++;
        if (start == end)
            return isFirst && end < text.Length && text[end] != ';';   // a tab or line break in front, which readers strip
        return s_starts.Contains(text[start]) && !Number().IsMatch(text.AsSpan(start, end - start).TrimEnd());
    }

    private static IEnumerable<(int Start, int End)> Pieces(string text)
    {
        for (var start = 0; ;)
        {
            var length = text.AsSpan(start).IndexOfAny(s_cuts);
            if (length < 0)
            {
                yield return (start, text.Length);
                yield break;
            }
            yield return (start, start + length);
            start += length + 1;
        }
    }

    /// <summary>Blanks, invisible characters and quotes: some reader takes them off before it looks for a formula.</summary>
    private static bool IsStrippedByReaders(char c) =>
        c is '"' or Mark || char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;

    [GeneratedRegex(@"\A[+-]?[0-9]+(\.[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
