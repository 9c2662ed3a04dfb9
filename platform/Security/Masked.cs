using System.Text.RegularExpressions;

namespace Outdial.Platform;

/// <summary>Phone numbers as they may appear in logs, traces and metrics: <c>+91••••••0240</c>, never whole.</summary>
public static partial class Masked
{
    private const string Hidden = "••••••";
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
    /// <c>+</c> or <c>%2B</c>, and the usual spaced notations) and with callback tokens taken out of the addresses that providers call.
    /// </summary>
    public static string Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        return Suspicious().Replace(text, static match =>
        {
            if (match.Groups["id"].Success)
                return match.Value;
            if (match.Groups["token"].Success)
                return "•••";
            var number = match.Value;
            return number.StartsWith("%2B", StringComparison.OrdinalIgnoreCase) ? Number("+" + number[3..]) : Number(number);
        });
    }

    // The three plans we claim are one and two digits long; two shown digits of any other are not enough to tell a person.
    private static string CountryCode(string digits) => digits[0] is '1' or '7' ? digits[..1] : digits[..2];

    // "id" comes first, so that the all-digit groups of a UUID or a trace id survive.
    [GeneratedRegex("""
        (?<id>(?<![0-9A-Za-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=[0-9]*[a-f])[0-9a-f]{32}|(?=[0-9]*[a-f])[0-9a-f]{16})(?![0-9A-Za-z]))
        |(?<token>(?<=/(?:webhooks|dialwhom)/[a-z]+/)[A-Za-z0-9_-]{24,})
        |(?:\+|%2B)[0-9](?:(?:[\ ().-]|%20){0,3}[0-9]){7,}
        |[0-9]{8,}
        |(?<![0-9])0?[0-9]{5}[\ -][0-9]{5}(?![0-9])
        |(?<![0-9])\(?[0-9]{3}\)?[\ .-]{1,2}[0-9]{3}[\ .-][0-9]{4}(?![0-9])
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Suspicious();
}
