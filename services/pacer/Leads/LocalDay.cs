using NodaTime;

namespace Outdial.Pacer.Leads;

/// <summary>The calendar day around an instant, where the lead lives.</summary>
public static class LocalDay
{
    /// <summary>First instant of the local day and of the next one. A day may have 23 or 25 hours.</summary>
    public static (DateTimeOffset Start, DateTimeOffset Next) Of(DateTimeOffset instant, string timeZone)
    {
        var zone = DateTimeZoneProviders.Tzdb[timeZone];
        var date = Instant.FromDateTimeOffset(instant).InZone(zone).Date;
        return (zone.AtStartOfDay(date).ToDateTimeOffset().ToUniversalTime(), zone.AtStartOfDay(date.PlusDays(1)).ToDateTimeOffset().ToUniversalTime());
    }
}
