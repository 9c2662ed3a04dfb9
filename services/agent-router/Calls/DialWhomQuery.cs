using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls;

/// <summary>Reads the query that Exotel's applets send. Nothing in it can make reading fail: what cannot be read is absent.</summary>
internal static class DialWhomQuery
{
    private static readonly string[] TimeForms = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "ddd, dd MMM yyyy HH:mm:ss", "ddd, d MMM yyyy HH:mm:ss"];

    public static DialWhomRequest Read(
        HttpRequest http, string account, AccountSetting? settings, string? region, CallbackEchoes echoes, DateTimeOffset now)
    {
        var query = new QueryCollection(QueryHelpers.ParseQuery(QueryText.Plain(http.QueryString.Value ?? "")));
        return new(
            account,
            Text(query, "CallSid") ?? "",
            Number(Text(query, "CallFrom") ?? Text(query, "From"), region),
            Number(Text(query, "CallTo") ?? Text(query, "To"), region),
            Number(Text(query, "DialWhomNumber"), region),
            string.Equals(Text(query, "CallType"), "completed", StringComparison.OrdinalIgnoreCase),
            Believed(Time(Text(query, "CurrentTime"), settings?.Zone), now),
            http.Headers.ContainsKey("Exotel-Version"),
            echoes.Read(account, Text(query, "CustomField")?.Trim('"')));
    }

    /// <summary>Exotel writes the four letters <c>null</c> where it has nothing.</summary>
    private static string? Text(IQueryCollection query, string name) =>
        query[name].ToString().Trim() is { Length: > 0 and <= 200 } text && !text.Equals("null", StringComparison.OrdinalIgnoreCase) ? text : null;

    /// <param name="region">The account's country, in whose form the provider writes numbers.</param>
    private static string? Number(string? text, string? region)
    {
        if (PhoneNumber.TryParse(text, region, out var e164, out _))
            return e164;
        return text is { Length: >= 8 and <= 16 } && text[0] == '+' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 ? text : null;
    }

    /// <summary>
    /// Never later than its receipt: one that is ahead of our clock would make every later question an old one. It was asked just now, so a clock
    /// that is whole half-hours away is one of another zone.
    /// </summary>
    private static DateTimeOffset Believed(DateTimeOffset? time, DateTimeOffset now) =>
        time is { } told && ForeignClock.Near(told, null, now) is var near && near < now ? near : now;

    private static DateTimeOffset? Time(string? text, TimeZoneInfo? zone) =>
        text is null || ProviderTimes.IsNone(text) ? null
        : ProviderTimes.Counted(text) is { } counted ? counted
        : DateTime.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var local)
            && local.Year is > 1970 and < 9999
            ? new DateTimeOffset(local, (zone ?? TimeZoneInfo.Utc).GetUtcOffset(local)).ToUniversalTime()
            : null;
}
