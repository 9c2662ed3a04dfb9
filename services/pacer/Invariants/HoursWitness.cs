using NodaTime;
using Outdial.Pacer.CallingHours;
using Outdial.Providers;

namespace Outdial.Pacer.Invariants;

/// <summary>
/// Judges the hour of a call a second time: by the number that was called, not by what the last look read from the lead, and by the dates on which
/// windows begin and end, not by times of the day. It shares the time zone database and the plans of numbers with the last look, and no code.
/// </summary>
internal static class HoursWitness
{
    /// <param name="own">
    /// The zone that was named for the lead; empty: none; null: the row does not say, and <paramref name="stored"/> is believed.
    /// </param>
    /// <param name="stored">The zones that the last look read.</param>
    public static bool WasAllowed(CallingWindow window, DateTimeOffset at, string number, string? own, string stored)
    {
        var instant = Instant.FromDateTimeOffset(at);
        return Zones(instant, number, own, stored).All(zone => IsOpen(window, instant, zone));
    }

    private static IEnumerable<DateTimeZone> Zones(Instant at, string number, string? own, string stored)
    {
        if (own is null)
            return stored.Split(',', StringSplitOptions.TrimEntries).Select(Zone);
        var possible = PhoneNumber.TimeZones(number).Select(Zone).ToList();
        if (own.Length == 0)
            return possible.Count > 0 ? possible : Enumerable.Range(-12, 27).Select(hours => DateTimeZone.ForOffset(Offset.FromHours(hours)));
        var named = Zone(own);
        return possible.Count == 0 || possible.Exists(zone => HaveOneClock(zone, named, at)) ? [named] : possible.Append(named);
    }

    /// <summary>On the first of every month around.</summary>
    private static bool HaveOneClock(DateTimeZone one, DateTimeZone other, Instant at) => Enumerable.Range(0, 13)
        .All(month => at.Plus(Duration.FromDays(month * 30)) is var then && one.GetUtcOffset(then) == other.GetUtcOffset(then));

    private static bool IsOpen(CallingWindow window, Instant at, DateTimeZone zone)
    {
        var local = at.InZone(zone).LocalDateTime;
        if (window.Holidays.Contains(local.Date.ToDateOnly()))
            return false;
        return new[] { local.Date.PlusDays(-1), local.Date }.Any(day =>
        {
            var (date, ends) = (day.ToDateOnly(), window.To > window.From ? day : day.PlusDays(1));
            return window.Days.Contains(date.DayOfWeek) && !window.Holidays.Contains(date)
                && local >= day + LocalTime.FromTimeOnly(window.From) && local < ends + LocalTime.FromTimeOnly(window.To);
        });
    }

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];
}
