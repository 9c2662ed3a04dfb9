using System.Globalization;

namespace Outdial.Providers.Exotel.Words;

/// <summary>
/// Exotel's times: local, without zone, in two forms (<c>2021-07-14 15:36:22</c> and <c>Wed, 14 Jul 2021 15:36:22</c>); newer
/// interfaces add an offset, or count seconds or milliseconds since 1970. <c>1970-01-01 05:30:00</c> means "no time yet".
/// </summary>
internal static class ExotelTime
{
    private static readonly string[] Local =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFF",
        "ddd, dd MMM yyyy HH:mm:ss", "ddd, d MMM yyyy HH:mm:ss", "yyyy-MM-dd h:mm:ss tt", "ddd, d MMM yyyy h:mm:ss tt",
    ];

    private static readonly string[] WithOffset =
    [
        "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", "yyyy-MM-ddTHH:mm:ssZ",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", "ddd, dd MMM yyyy HH:mm:ss zzz", "ddd, d MMM yyyy HH:mm:ss 'GMT'", "yyyy-MM-dd HH:mm:ssZ",
        "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyy-MM-dd HH:mm:ss 'GMT'",
    ];

    /// <summary>The instant in UTC; null for nothing, for what <see cref="ProviderTimes.IsNone"/> knows and for what is no time.</summary>
    public static DateTimeOffset? Read(string? text, TimeZoneInfo zone)
    {
        if (string.IsNullOrWhiteSpace(text) || ProviderTimes.IsNone(text))
            return null;
        text = text.Trim();
        if (ProviderTimes.Counted(text) is { } counted)
            return counted;
        const DateTimeStyles blanks = DateTimeStyles.AllowWhiteSpaces;
        if (DateTimeOffset.TryParseExact(text, WithOffset, CultureInfo.InvariantCulture, blanks | DateTimeStyles.AssumeUniversal, out var exact))
            return Sensible(exact.ToUniversalTime());
        if (!DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, blanks, out var local) || local.Year <= 1970)
            return null;
        // GetUtcOffset never throws, also not for local times that a change of clocks skips or repeats.
        return Sensible(new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime());
    }

    /// <summary>As the provider's filters want it: local time, to the second.</summary>
    public static string Write(DateTimeOffset instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Sensible(DateTimeOffset instant) => instant.Year is > 1970 and < 9999 ? instant : null;
}
