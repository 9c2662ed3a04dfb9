using System.Text.Json.Serialization;
using NodaTime;

namespace Outdial.Pacer.CallingHours;

/// <summary>
/// The hours in which a person may be called, on the wall clock of the person's own time zone: from (included) to (excluded),
/// on some days of the week, never on a holiday.
/// </summary>
/// <remarks>
/// Whether a moment is open is asked of the wall clock and of nothing else. So a window that starts inside the hour that is
/// skipped in spring opens when the skipped hour is over, and one inside the hour that is repeated in autumn is open twice.
/// A window over midnight (20:00 to 02:00) belongs to the day on which it starts; a holiday closes its whole date, the early
/// hours of a window that started the evening before included. The zones come with the NodaTime package, so that the answer
/// does not depend on what is installed on the machine.
/// </remarks>
[JsonConverter(typeof(CallingWindowJson))]
internal sealed class CallingWindow : IEquatable<CallingWindow>
{
    private const int DaysAtOnce = 8;   // a week, and the day whose window began before the first instant

    internal CallingWindow(TimeOnly from, TimeOnly to, IEnumerable<DayOfWeek> days, IEnumerable<DateOnly> holidays)
    {
        From = from;
        To = to;
        Days = [.. days.Distinct().OrderBy(day => ((int)day + 6) % 7)];
        Holidays = new SortedSet<DateOnly>(holidays);
    }

    /// <summary>Every day from 00:00 to 24:00.</summary>
    public static CallingWindow Always { get; } = new(TimeOnly.MinValue, TimeOnly.MinValue, Enum.GetValues<DayOfWeek>(), []);

    /// <summary>Every day from 09:00 to 21:00: the hours that India's regulator allows for commercial calls.</summary>
    public static CallingWindow Default { get; } = new(new TimeOnly(9, 0), new TimeOnly(21, 0), Enum.GetValues<DayOfWeek>(), []);

    /// <summary>First moment of the window, local.</summary>
    public TimeOnly From { get; }

    /// <summary>First moment after the window, local; midnight is the end of the day. Earlier than <see cref="From"/>: on the next day.</summary>
    public TimeOnly To { get; }

    /// <summary>The days on which a window starts, Monday first; at least one.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; }

    /// <summary>Dates without calls, in order.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; }

    /// <summary>Hours of the day outside of which it is not open either.</summary>
    private LawfulHours[] Lawful { get; init; } = [];

    /// <summary>This window, where it is open only within all of these hours, too. It is asked, and neither stored nor shown.</summary>
    public CallingWindow Within(params IEnumerable<LawfulHours> hours) => new(From, To, Days, Holidays) { Lawful = [.. Lawful, .. hours] };

    /// <summary>
    /// Whether a person may be called at this instant: where it is not known in which of several zones they live, whether in all of them.
    /// </summary>
    /// <param name="instant">Any offset; only the instant counts.</param>
    /// <param name="zones">IANA name, or several parted by commas.</param>
    /// <exception cref="ArgumentException">There is no such zone.</exception>
    public bool IsOpen(DateTimeOffset instant, string zones) => IsOpen(Instant.FromDateTimeOffset(instant), CallingZones.Get(zones));

    /// <summary>
    /// The first open instant that is not before this one (itself when open), in UTC; null where zones so far apart have no hour in common.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such zone.</exception>
    public DateTimeOffset? FirstOpen(DateTimeOffset instant, string zones)
    {
        var all = CallingZones.Get(zones);
        var start = Instant.FromDateTimeOffset(instant);
        return IsOpen(start, all)
            ? instant.ToUniversalTime()
            : Boundaries(start, all).Where(boundary => IsOpen(boundary, all)).Select(boundary => boundary.ToDateTimeOffset())
                .Cast<DateTimeOffset?>().FirstOrDefault();
    }

    /// <summary>As <see cref="FirstOpen"/>; where there is none, when it is time to look again: the window may be another by then.</summary>
    /// <exception cref="ArgumentException">There is no such zone.</exception>
    public DateTimeOffset NextOpen(DateTimeOffset instant, string zones) => FirstOpen(instant, zones) ?? instant.ToUniversalTime().AddDays(1);

    /// <summary>When an open window closes, in UTC; null when it is closed at this instant, or never closes.</summary>
    /// <exception cref="ArgumentException">There is no such zone.</exception>
    public DateTimeOffset? ClosesAt(DateTimeOffset instant, string zones)
    {
        var all = CallingZones.Get(zones);
        var start = Instant.FromDateTimeOffset(instant);
        if (!IsOpen(start, all))
            return null;
        return Boundaries(start, all).Where(boundary => !IsOpen(boundary, all)).Select(boundary => boundary.ToDateTimeOffset())
            .Cast<DateTimeOffset?>().FirstOrDefault();
    }

    /// <summary>Whether the coming days have an hour at which it is open in all of these zones.</summary>
    public bool IsEverOpen(DateTimeOffset now, string zones) => FirstOpen(now, zones) is not null;

    /// <summary>
    /// The zones that a number may be in, where there is an hour at which it may be called in all of them; null where there is none.
    /// </summary>
    /// <param name="now">The coming days are looked at.</param>
    public string? ZonesOf(string e164, DateTimeOffset now) =>
        CallingZones.OfNumber(e164) is { } zones && FirstOpen(now, zones) is not null ? zones : null;

    private bool IsOpen(Instant instant, IReadOnlyList<DateTimeZone> zones)
    {
        foreach (var zone in zones)
        {
            if (!IsOpen(instant, zone))
                return false;
        }
        return true;
    }

    private bool IsOpen(Instant instant, DateTimeZone zone)
    {
        var local = instant.InZone(zone).LocalDateTime;
        var date = local.Date.ToDateOnly();
        var time = local.TimeOfDay.ToTimeOnly();
        if (Holidays.Contains(date) || !Array.TrueForAll(Lawful, hours => hours.Holds(time)))
            return false;
        return From < To
            ? time >= From && time < To && Starts(date)
            : (time >= From && Starts(date)) || (time < To && Starts(date.AddDays(-1)));
    }

    private bool Starts(DateOnly date) => Days.Contains(date.DayOfWeek) && !Holidays.Contains(date);

    /// <summary>
    /// Every instant after <paramref name="start"/> at which the answer can change, in order: the local times from, to and
    /// midnight of each date (both of them where the clock is put back) and the changes of the clock themselves. Between two
    /// of these it cannot change. They end a week after the last holiday: from there on only the week repeats.
    /// </summary>
    private IEnumerable<Instant> Boundaries(Instant start, IReadOnlyList<DateTimeZone> zones)
    {
        var last = start;
        if (Holidays.Count > 0 && LocalDate.FromDateOnly(Holidays.Last()).AtMidnight().InUtc().ToInstant() is var quiet && quiet > last)
            last = quiet;
        last += Duration.FromDays(DaysAtOnce);

        for (var (from, to) = (start, start + Duration.FromDays(DaysAtOnce)); from <= last; (from, to) = (to, to + Duration.FromDays(DaysAtOnce)))
        {
            foreach (var instant in zones.SelectMany(zone => Boundaries(from, to, zone)).Distinct().Order())
                yield return instant;
        }
    }

    private IEnumerable<Instant> Boundaries(Instant from, Instant to, DateTimeZone zone)
    {
        // One date more on either side: a change of the clock may carry a local time over the edge.
        var first = from.InZone(zone).Date.PlusDays(-1);
        var times = Enumerable.Range(0, DaysAtOnce + 3).SelectMany(day => OfDate(first.PlusDays(day), zone));
        var changes = zone.GetZoneIntervals(from, to).Where(offset => offset.HasStart).Select(offset => offset.Start);
        return times.Concat(changes).Where(instant => instant > from && instant <= to);
    }

    private IEnumerable<Instant> OfDate(LocalDate date, DateTimeZone zone)
    {
        TimeOnly[] times = [TimeOnly.MinValue, From, To, .. Lawful.SelectMany(hours => new[] { hours.From, hours.To })];
        foreach (var mapping in times.Select(LocalTime.FromTimeOnly).Select(time => zone.MapLocal(date + time)).Where(mapping => mapping.Count > 0))
        {
            yield return mapping.First().ToInstant();
            yield return mapping.Last().ToInstant();
        }
    }

    public bool Equals(CallingWindow? other) =>
        other is not null && From == other.From && To == other.To && Days.SequenceEqual(other.Days) && Holidays.SetEquals(other.Holidays)
        && Lawful.SequenceEqual(other.Lawful);

    public override bool Equals(object? obj) => Equals(obj as CallingWindow);

    public override int GetHashCode() => HashCode.Combine(From, To, Days.Count, Holidays.Count);

    public override string ToString() => CallingWindowForm.Of(this).ToString();
}
