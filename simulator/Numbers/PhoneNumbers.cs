namespace Outdial.Simulator;

/// <summary>Phone numbers as this provider reads them; written independently of the platform that is being watched.</summary>
public static class PhoneNumbers
{
    /// <summary>
    /// Understands <c>+91XXXXXXXXXX</c>, <c>91XXXXXXXXXX</c>, <c>0XXXXXXXXXX</c>, <c>XXXXXXXXXX</c> and any other number
    /// that starts with <c>+</c>. False when it is none of these.
    /// </summary>
    public static bool TryRead(string? text, out string e164)
    {
        e164 = "";
        if (string.IsNullOrWhiteSpace(text))
            return false;
        var trimmed = text.Trim();
        if (trimmed.Any(c => !char.IsAsciiDigit(c) && c is not ('+' or ' ' or '-' or '(' or ')')))
            return false;
        var digits = string.Concat(trimmed.Where(char.IsAsciiDigit));
        e164 = digits switch
        {
            { Length: 12 } when digits.StartsWith("91", StringComparison.Ordinal) => "+" + digits,
            { Length: >= 8 and <= 15 } when trimmed[0] == '+' && !digits.StartsWith("91", StringComparison.Ordinal) => "+" + digits,
            { Length: 11 } when digits[0] == '0' && digits[1] != '0' => "+91" + digits[1..],
            { Length: 10 } when digits[0] != '0' && trimmed[0] != '+' => "+91" + digits,
            _ => "",
        };
        return e164.Length > 0;
    }

    /// <summary>The ten digits after +91, or null for a number of another country.</summary>
    public static string? IndianDigits(string e164) =>
        e164.Length == 13 && e164.StartsWith("+91", StringComparison.Ordinal) ? e164[3..] : null;

    /// <summary>As Exotel writes it in replies and callbacks: <c>0XXXXXXXXXX</c> within India.</summary>
    public static string Display(string e164) => IndianDigits(e164) is { } digits ? "0" + digits : e164;
}
