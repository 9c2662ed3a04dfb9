using System.Globalization;

namespace Outdial.Providers.Exotel.Words;

/// <summary>Numbers that arrive as JSON numbers, as text, or as nonsense.</summary>
internal static class Numbers
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Seconds, whole or not; null for anything else, and for what no call lasts.</summary>
    public static TimeSpan? Seconds(string? text) =>
        Decimal(text) is { } value && value >= 0 && value <= (decimal)Longest.TotalSeconds ? TimeSpan.FromSeconds((double)value) : null;

    public static decimal? Decimal(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>The provider's number (<c>0XXXXXXXXXX</c>, E.164 or ten digits) as E.164; null when it is masked or unreadable.</summary>
    /// <param name="region">The account's country, in whose form the provider writes.</param>
    public static string? E164(string? text, string region)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (PhoneNumber.TryParse(text, region, out var e164, out _))
            return e164;
        return IsE164(text.Trim()) ? text.Trim() : null;
    }

    public static bool IsE164(string text) =>
        text.Length is >= 8 and <= 16 && text[0] == '+' && text[1] is >= '1' and <= '9' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
