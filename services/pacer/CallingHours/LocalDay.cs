using NodaTime;

namespace Outdial.Pacer.CallingHours;

/// <summary>The calendar day around an instant, where the lead lives.</summary>
internal static class LocalDay
{
    /// <summary>
    /// First instant of the local day and of the next one. A day may have 23 or 25 hours. Where it is not known in which of several zones the
    /// lead lives, the day begins where it begins first and ends where it ends last: it holds the day of each.
    /// </summary>
    public static (DateTimeOffset Start, DateTimeOffset Next) Of(DateTimeOffset instant, string timeZones)
    {
        var zones = CallingZones.Get(timeZones);
        return (zones.Min(zone => Midnight(zone, 0)), zones.Max(zone => Midnight(zone, 1)));

        DateTimeOffset Midnight(DateTimeZone zone, int days) =>
            zone.AtStartOfDay(Instant.FromDateTimeOffset(instant).InZone(zone).Date.PlusDays(days)).ToDateTimeOffset().ToUniversalTime();
    }
}
