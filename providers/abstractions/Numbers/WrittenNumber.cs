using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Outdial.Providers;

/// <summary>Frees a number of what contact lists, spreadsheets and pages leave around its digits.</summary>
internal static partial class WrittenNumber
{
    /// <summary>
    /// Without the marks of writing direction and other characters that show nothing, without <c>tel:</c> and a spreadsheet's "this is text".
    /// </summary>
    public static string Plain(string? text)
    {
        var plain = new StringBuilder();
        foreach (var letter in text ?? "")
        {
            if (char.IsWhiteSpace(letter))   // a blank that does not break is one
                plain.Append(' ');
            else if (letter == 'ー')   // a letter, and in Japan a dash between digits
                plain.Append('-');
            else if (char.GetUnicodeCategory(letter) != UnicodeCategory.Format)
                plain.Append(letter);
        }
        var number = plain.ToString().Trim().TrimStart('\'').Trim();
        if (Link().Match(number) is { Success: true } link)
        {
            number = number[link.Length..];
            if (Context().Match(number) is { Success: true } context)   // a local number and the code that it belongs behind
                number = context.Groups["code"].Value + number.Remove(context.Index, context.Length);
        }
        return number;
    }

    /// <summary>The number in what a program has made of it that took it for an amount, <c>9825012345.0</c>; null: it has no decimals.</summary>
    public static string? WithoutDecimals(string plain) => Amount().Match(plain) is { Success: true } amount ? amount.Groups["whole"].Value : null;

    /// <summary>A spreadsheet shows a number that is wider than its column as <c>9.19825E+11</c>, and saves it so.</summary>
    public static bool IsRounded(string plain) => Rounded().IsMatch(plain);

    public static bool HasExtension(string plain) => Extension().IsMatch(plain);

    /// <summary>What is dialed to leave a country, with + instead: 00 in most, 011 in North America, 0011 in Australia.</summary>
    public static IEnumerable<string> Abroad(string plain)
    {
        if (plain.AsSpan().ContainsAny('+', '＋'))
            return [];
        var digits = string.Concat(plain.Where(char.IsDigit).Select(digit => (char)('0' + (int)char.GetNumericValue(digit))));
        return new[] { "0011", "011", "00" }
            .Where(prefix => digits.StartsWith(prefix, StringComparison.Ordinal)).Select(prefix => "+" + digits[prefix.Length..]);
    }

    [GeneratedRegex("^(?:tel|callto|sms):/{0,2}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@";phone-context=(?<code>\+[0-9.\-]{1,8})(?=;|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Context();

    [GeneratedRegex(@"^(?<whole>\+?[0-9]{7,})[.,]0+$", RegexOptions.CultureInvariant)]
    private static partial Regex Amount();

    [GeneratedRegex(@"^\+?[0-9]+(?:[.,][0-9]+)?\s?E\s?\+?[0-9]{1,3}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rounded();

    [GeneratedRegex(@"[0-9][\s.,;(]*(?:x|ext|extn|extension)[\s.:=#]*[0-9]{1,7}\)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Extension();
}
