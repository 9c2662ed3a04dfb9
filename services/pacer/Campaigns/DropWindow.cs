using System.Globalization;
using Outdial.Pacer.CallingHours;

namespace Outdial.Pacer.Campaigns;

/// <summary>
/// The time over which dropped calls are counted against the limit: <c>campaign</c> (since its start), <c>day</c> (the calendar day
/// in the campaign's zone) or a period such as <c>30.00:00:00</c> (the last 30 days, or the campaign's life if that is shorter). Pure.
/// </summary>
internal static class DropWindow
{
    public const string Campaign = "campaign";
    public const string Day = "day";
    public const string Expected = "campaign, day, or a period from 01:00:00 (an hour) to 366.00:00:00 such as 30.00:00:00 (30 days)";

    public static bool IsValid(string text) => text is Campaign or Day || TryPeriod(text, out _);

    /// <summary>The first instant that counts.</summary>
    /// <param name="started">When the campaign started.</param>
    /// <param name="timeZone">IANA, of the campaign.</param>
    public static DateTimeOffset From(string window, DateTimeOffset now, DateTimeOffset started, string timeZone)
    {
        var from = window switch
        {
            Campaign => started,
            Day => LocalDay.Of(now, timeZone).Start,
            _ => TryPeriod(window, out var period) ? now - period : started,
        };
        return from > started ? from : started;
    }

    private static bool TryPeriod(string text, out TimeSpan period) =>
        TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out period) && period >= TimeSpan.FromHours(1)
            && period <= TimeSpan.FromDays(366);
}
