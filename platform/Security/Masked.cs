using System.Text.RegularExpressions;

namespace Outdial.Platform;

/// <summary>Phone numbers as they may appear in logs, traces and metrics: <c>+91••••••0240</c>, never whole.</summary>
public static partial class Masked
{
    private const string Hidden = "••••••";
    private const int FewestInGroups = 10;   // apart from each other, fewer are counts and measures
    private const int FewestDigits = 8;   // shorter runs are ports, counts and years; no subscriber number we dial is this short

    /// <summary>The number with its country code and last four digits; everything between is hidden, its length too.</summary>
    /// <param name="number">A number in any notation; null or blank gives an empty text.</param>
    public static string Number(string? number)
    {
        if (string.IsNullOrWhiteSpace(number))
            return "";
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        if (digits.Length < FewestDigits)
            return Hidden;
        var last = digits[^4..];
        return number.TrimStart().StartsWith('+') ? $"+{CountryCode(digits)}{Hidden}{last}" : Hidden + last;
    }

    /// <summary>
    /// The text with everything masked that could be a phone number (a run of eight digits or more, with or without
    /// <c>+</c> or <c>%2B</c>, and ten or more in groups) and with callback tokens taken out of the addresses that providers call.
    /// </summary>
    public static string Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        // Most texts hold neither, which is told by counting at a fraction of the cost.
        if (Digits(text) < FewestDigits && !Paths.Any(path => text.Contains(path, StringComparison.OrdinalIgnoreCase)))
            return text;
        return Suspicious().Replace(text, static match =>
        {
            if (match.Groups["id"].Success || (match.Groups["groups"].Success && Digits(match.ValueSpan) < FewestInGroups))
                return match.Value;
            if (match.Groups["token"].Success)
                return "•••";
            var number = match.Value;
            return number.StartsWith("%2B", StringComparison.OrdinalIgnoreCase) ? Number("+" + number[3..]) : Number(number);
        });
    }

    private static readonly string[] Paths = ["/webhooks/", "/dialwhom/"];   // with tokens behind them

    private static int Digits(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var letter in text)
            digits += char.IsAsciiDigit(letter) ? 1 : 0;
        return digits;
    }

    // The three plans we claim are one and two digits long; two shown digits of any other are not enough to tell a person.
    private static string CountryCode(string digits) => digits[0] is '1' or '7' ? digits[..1] : digits[..2];

    // What stands between the digits of one number: blanks of any kind, hyphens, dots, parentheses.
    private const string Between = @"(?:[ \t\u00A0\u2000-\u200B\u202F().\u2010-\u2015-]|%20)";

    private const string Date = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
    private const string Hour = "(?:[01][0-9]|2[0-3])";
    private const string Compact = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])T" + Hour + "[0-5][0-9]";
    private const string Octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private const string Uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    // Here no further group of a number begins, but something that is to stay.
    private const string NoId = "(?!" + Date + "|" + Compact + "|" + Uuid + "|" + Hour + ":[0-5]|(?:[0-9a-f]{32}|[0-9a-f]{16})(?![0-9a-z])"
        + @"|00-[0-9a-f]{32}-|(?<!\.)(?:" + Octet + @"\.){3}" + Octet + "(?![0-9.]))";

    // What only looks like a number comes first and survives: UUIDs, traces, digests, the calls' ids (32 digits, hexadecimal or plain: a number has
    // fewer in any form), times with their fractions, sizes with their unit, addresses of machines.
    private const string Id = "(?<id>(?<![0-9A-Za-z])(?:"
        + Uuid
        + "|00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"
        + "|(?=[0-9]*[a-f])[0-9a-f]{64}|(?=[0-9]*[a-f])[0-9a-f]{40}|[0-9a-f]{32}|(?=[0-9]*[a-f])[0-9a-f]{16}"
        + "|" + Date + "(?:[T ]" + Hour + ":[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?)?(?: ?[+-](?:0[0-9]|1[0-4]):[0-5][0-9]|Z)?"
        + "|" + Compact + @"(?:[0-5][0-9](?:\.[0-9]{1,9})?)?Z?"
        + "|" + Hour + ":[0-5][0-9]:[0-5][0-9](?:[.,][0-9]{1,9})?"
        + "|[0-9]{8,18} (?-i:bytes|characters)"
        + @"|(?<![0-9]\.)(?:" + Octet + @"\.){3}" + Octet + @"(?!\.[0-9])(?::[0-9]{1,5})?"
        + ")(?![0-9A-Za-z]))";

    private const string Token = "(?<token>(?<=/(?:webhooks|dialwhom)/[a-z]+/)[A-Za-z0-9_-]{24,})";
    private const string International = @"(?:\+|%2B)[0-9](?:[0-9]|" + Between + "{1,3}" + NoId + "[0-9]){7,}";

    // National numbers in groups. How many digits they have together is counted where they are replaced.
    private const string Groups = @"(?<groups>(?<![0-9])\(?[0-9]{2,6}\)?(?:" + Between + "{1,3}" + NoId + "[0-9]{2,6}){1,5}(?![0-9])"
        + "|(?<![0-9])[0-9](?: " + NoId + "[0-9]){9,}(?![0-9]))";

    [GeneratedRegex(Id + "|" + Token + "|" + International + "|[0-9]{8,}|" + Groups, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Suspicious();
}
