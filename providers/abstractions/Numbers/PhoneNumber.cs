using System.Globalization;

namespace Outdial.Providers;

/// <summary>
/// Reads telephone numbers as people and spreadsheets write them and turns them into E.164, for India, the United States,
/// Canada and the United Kingdom. It judges plausibility (length, first digits), not whether the number is in service.
/// </summary>
/// <remarks>
/// Sources: DoT National Numbering Plan (India), NANPA (United States, Canada), Ofcom National Telephone Numbering Plan.
/// Pure and thread safe.
/// </remarks>
public static class PhoneNumber
{
    private const int LongestText = 64;

    /// <summary>The regions that are understood, as ISO 3166 codes.</summary>
    public static IReadOnlyList<string> Regions { get; } = ["IN", "US", "CA", "GB"];

    /// <summary>Reads a number.</summary>
    /// <param name="text">As written: <c>098765 43210</c>, <c>+91-98765-43210</c>, <c>0091 (0)98765.43210</c>, <c>tel:+912212345678</c>.</param>
    /// <param name="defaultRegion">The region of a number without country code; one of <see cref="Regions"/>.</param>
    /// <param name="e164">The number as <c>+</c> and digits; empty when false is returned.</param>
    /// <param name="expected">What a readable number looks like, for the person who has to correct it; empty when true is returned.</param>
    /// <exception cref="ArgumentException"><paramref name="defaultRegion"/> is not one of <see cref="Regions"/>.</exception>
    public static bool TryParse(string? text, string defaultRegion, out string e164, out string expected)
    {
        if (!Regions.Contains(defaultRegion))
            throw new ArgumentException($"Region '{defaultRegion}' is not one of {string.Join(", ", Regions)}.", nameof(defaultRegion));

        var found = Read(text, defaultRegion, out var expectation);
        (e164, expected) = found is null ? ("", expectation) : (found, "");
        return found is not null;
    }

    /// <summary>IN, US, CA or GB; null when the number is of another country or not E.164.</summary>
    public static string? Region(string? e164) =>
        e164 is null || e164.Length < 4 || e164[0] != '+' ? null
        : e164.StartsWith("+91", StringComparison.Ordinal) ? "IN"
        : e164.StartsWith("+44", StringComparison.Ordinal) ? "GB"
        : e164[1] == '1' && e164.Length == 12 ? NorthAmerica.Region(e164.AsSpan(2, 3))
        : null;

    /// <summary>
    /// The IANA zone that the number's holder certainly lives by; null when the number leaves it open, as with a North
    /// American area code that spans two zones. A mobile's holder may have moved: the upload's own column is better.
    /// </summary>
    public static string? DefaultTimeZone(string? e164) => Region(e164) switch
    {
        "IN" => "Asia/Kolkata",
        "GB" => "Europe/London",
        "US" or "CA" => NorthAmerica.TimeZone(e164.AsSpan(2, 3)),
        _ => null,
    };

    private static string? Read(string? text, string defaultRegion, out string expected)
    {
        expected = Expectation(defaultRegion);
        Span<char> digits = stackalloc char[LongestText];
        if (text is null || text.Length > LongestText || !TryCollect(text, digits, out var count, out var plus))
            return null;
        ReadOnlySpan<char> number = digits[..count];

        var prefix = plus ? 0
            : number.StartsWith("00") ? 2
            : defaultRegion is "US" or "CA" && number.StartsWith("011") ? 3
            : -1;
        if (prefix < 0)
            return National(number, defaultRegion);

        number = number[prefix..];
        var region = number.StartsWith("91") ? "IN" : number.StartsWith("44") ? "GB" : number.StartsWith("1") ? "US" : null;
        expected = region is null
            ? $"a number of {string.Join(", ", Regions)}: country code +91, +1 or +44"
            : Expectation(region);
        return region is null ? null : National(number[(region == "US" ? 1 : 2)..], region);
    }

    /// <summary>Keeps the digits of any script; steps over what people put between them. False for anything else, such as an extension.</summary>
    private static bool TryCollect(string text, Span<char> digits, out int count, out bool plus)
    {
        count = 0;
        plus = false;
        var rest = text.AsSpan().Trim().TrimStart('\'');   // a spreadsheet's "this is text" mark
        if (rest.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
            rest = rest[4..];
        foreach (var c in rest)
        {
            if (CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit)
                digits[count++] = (char)('0' + digit);
            else if (c is '+' or '＋' && count == 0 && !plus)
                plus = true;
            else if (c is not ('(' or ')' or '[' or ']' or '.' or '/') && char.GetUnicodeCategory(c)
                is not (UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation or UnicodeCategory.Format) && c != '\t')
                return false;
        }
        return count > 0;
    }

    private static string? National(ReadOnlySpan<char> digits, string region) => region switch
    {
        "IN" => India(digits),
        "GB" => Britain(digits),
        _ => America(digits),
    };

    private static string? India(ReadOnlySpan<char> digits)
    {
        if (digits.Length == 12 && digits.StartsWith("91"))
            digits = digits[2..];
        else if (digits.Length == 11 && digits[0] == '0')
            digits = digits[1..];
        if (digits.Length != 10)
            return null;

        // A landline is an STD code of 2 to 4 digits and a subscriber's number that starts with 2 to 7. 140 and 160 are the
        // series for commercial calls: nobody's phone, but a caller ID of ours may be one. 1800 is toll free: nobody's phone.
        var plausible = digits[0] switch
        {
            >= '6' and <= '9' => true,
            >= '1' and <= '5' => digits.StartsWith("140") || digits.StartsWith("160")
                || (!digits.StartsWith("1800") && IsIndianLandline(digits)),
            _ => false,
        };
        return plausible ? $"+91{digits}" : null;
    }

    private static bool IsIndianLandline(ReadOnlySpan<char> digits) => digits[..2] switch
    {
        "11" or "20" or "22" or "33" or "40" or "44" => digits[2] is >= '2' and <= '7',
        _ => digits[3] is >= '2' and <= '7' || digits[4] is >= '2' and <= '7',
    };

    private static string? America(ReadOnlySpan<char> digits)
    {
        if (digits.Length == 11 && digits[0] == '1')
            digits = digits[1..];
        var plausible = digits.Length == 10 && NorthAmerica.Region(digits[..3]) is not null
            && digits[3] >= '2' && !(digits[4] == '1' && digits[5] == '1');
        return plausible ? $"+1{digits}" : null;
    }

    private static string? Britain(ReadOnlySpan<char> digits)
    {
        if (digits.Length is 11 or 12 && digits.StartsWith("44"))
            digits = digits[2..];
        if (digits is ['0', ..])
            digits = digits[1..];
        var plausible = digits switch
        {
            ['1', >= '1', ..] => digits.Length is 9 or 10,
            ['2' or '3', ..] => digits.Length == 10,
            ['7', >= '1', ..] => digits.Length == 10,   // 070 is a personal number at premium rates
            ['8', '0', '0', ..] => digits.Length is 9 or 10,
            ['8', ..] => digits.Length == 10,
            _ => false,
        };
        return plausible ? $"+44{digits}" : null;
    }

    private static string Expectation(string region) => region switch
    {
        "IN" => "an Indian number: 10 digits, a mobile starting with 6 to 9 or a landline with its STD code, such as +919876543210",
        "GB" => "a British number: 0 or +44 and 9 or 10 digits, a mobile starting with 07 (not 070) or a landline with 01, 02 or 03, such as +447700900123",
        _ => "a number of the United States or Canada: 10 digits, area code and exchange starting with 2 to 9, such as +12125550123",
    };
}
