namespace Outdial.Providers.PortaSwitch.Words;

/// <summary>E.164 and the provider's two ways to write it.</summary>
internal static class PortaNumbers
{
    public static bool IsE164(string text) =>
        text.Length is >= 8 and <= 16 && text[0] == '+' && text[1] is >= '1' and <= '9' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    public static string Write(string e164, string form) => form == "plus" ? e164 : e164[1..];

    /// <summary>With or without plus, as SIP address or alone; null when it is no whole number.</summary>
    public static string? Read(string? text)
    {
        if (text is null)
            return null;
        if (text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase))
            text = text[4..];
        text = text.Split('@')[0].Trim();
        var e164 = text.StartsWith('+') ? text : "+" + text;
        return IsE164(e164) ? e164 : null;
    }
}
