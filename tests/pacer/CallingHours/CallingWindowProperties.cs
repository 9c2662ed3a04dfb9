using FsCheck;
using FsCheck.Fluent;
using Outdial.Pacer.CallingHours;

namespace Outdial.Pacer.Tests.CallingHours;

/// <summary>Random windows, days, holidays and zones, around the changes of the clock, against stepping minute by minute.</summary>
public class CallingWindowProperties
{
    private static readonly string[] Zones =
    [
        "Asia/Kolkata", "America/New_York", "Europe/London", "Pacific/Apia", "Australia/Lord_Howe", "UTC",
        "America/Boise, America/Los_Angeles", "America/Denver, America/Phoenix", "Europe/London, Asia/Kolkata", "Pacific/Apia, America/New_York",
    ];

    /// <summary>Ordinary days and, more often, the days around changes of the clock (the last one: Samoa skipped a whole day).</summary>
    private static readonly DateTimeOffset[] Around =
    [
        Day(2026, 3, 8), Day(2026, 11, 1), Day(2026, 3, 29), Day(2026, 10, 25), Day(2026, 4, 5), Day(2026, 10, 4), Day(2026, 6, 17),
        Day(2024, 2, 29), Day(2011, 12, 30),
    ];

    internal sealed record Case(CallingWindow Window, DateTimeOffset Instant, string Zone)
    {
        public override string ToString() => $"{Window} in {Zone} at {Instant:O}";
    }

    [Fact]
    public void The_next_opening_is_open_not_earlier_than_asked_and_nothing_before_it_is_open() =>
        Prop.ForAll(Cases(), x =>
        {
            if (x.Window.FirstOpen(x.Instant, x.Zone) is not { } next)
                return x.Zone.Contains(',') && Minutes(x.Instant, x.Instant.AddDays(8)).All(minute => !x.Window.IsOpen(minute, x.Zone));
            return next >= x.Instant && x.Window.IsOpen(next, x.Zone) && next == x.Window.NextOpen(x.Instant, x.Zone)
                && Minutes(x.Instant, next).All(minute => !x.Window.IsOpen(minute, x.Zone));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void A_window_is_open_until_it_closes_and_closed_from_then_on() =>
        Prop.ForAll(Cases(), x =>
        {
            if (x.Window.FirstOpen(x.Instant, x.Zone) is not { } open)
                return x.Zone.Contains(',');
            var closes = x.Window.ClosesAt(open, x.Zone);
            return closes is { } end
                ? end > open && !x.Window.IsOpen(end, x.Zone) && Minutes(open, end).All(minute => x.Window.IsOpen(minute, x.Zone))
                : x.Window.Days.Count == 7 && Minutes(open, open.AddDays(8)).All(minute => x.Window.IsOpen(minute, x.Zone));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Whether_a_moment_is_open_agrees_with_the_system_s_own_time_zones() =>
        Prop.ForAll(Cases(), x =>
        {
            var locals = x.Zone.Split(", ").Select(zone => TimeZoneInfo.ConvertTime(x.Instant, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
            return x.Window.IsOpen(x.Instant, x.Zone) == locals.All(local => OpenByTheBook(x.Window, local));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Within_the_hours_of_a_law_it_is_open_when_both_are_and_first_then() =>
        Prop.ForAll(Cases(), Hours().ToArbitrary(), (x, hours) =>
        {
            var lawful = x.Window.Within(hours);
            var zones = x.Zone.Split(", ").Select(TimeZoneInfo.FindSystemTimeZoneById).ToList();
            bool BothHold(DateTimeOffset at) => x.Window.IsOpen(at, x.Zone) && zones.TrueForAll(zone => hours.All(law =>
                TimeZoneInfo.ConvertTime(at, zone).TimeOfDay is var time && time >= law.From.ToTimeSpan()
                && (law.To == TimeOnly.MinValue || time < law.To.ToTimeSpan())));

            var next = lawful.FirstOpen(x.Instant, x.Zone);
            return lawful.IsOpen(x.Instant, x.Zone) == BothHold(x.Instant) && (next is null || BothHold(next.Value))
                && Minutes(x.Instant, next ?? x.Instant.AddDays(8)).All(minute => !BothHold(minute));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_window_read_back_from_its_form_is_the_same_window() =>
        Prop.ForAll(Cases(), x => CallingWindowForm.Of(x.Window).TryRead(out var again, out _) && again.Equals(x.Window)).QuickCheckThrowOnFailure();

    /// <summary>The definition again, day by day instead of by cases: is there a start day whose stretch holds this local time?</summary>
    internal static bool OpenByTheBook(CallingWindow window, DateTime local)
    {
        if (window.Holidays.Contains(DateOnly.FromDateTime(local)))
            return false;
        return new[] { local.Date, local.Date.AddDays(-1) }.Any(day =>
        {
            var date = DateOnly.FromDateTime(day);
            var start = day + window.From.ToTimeSpan();
            var end = day + window.To.ToTimeSpan() + (window.To <= window.From ? TimeSpan.FromDays(1) : TimeSpan.Zero);
            return window.Days.Contains(date.DayOfWeek) && !window.Holidays.Contains(date) && local >= start && local < end;
        });
    }

    private static IEnumerable<DateTimeOffset> Minutes(DateTimeOffset from, DateTimeOffset to)
    {
        for (var minute = from; minute < to; minute = minute.AddMinutes(1))
            yield return minute;
    }

    private static Arbitrary<Case> Cases() => AllCases().ToArbitrary();

    private static Gen<LawfulHours[]> Hours() =>
        from laws in Gen.Choose(1, 2)
        from hours in Gen.Elements("09:00-21:00", "08:00-19:00", "00:00-02:30", "13:15-24:00", "20:00-23:59").ArrayOf(laws)
        select hours.Select(text => LawfulHours.TryRead(text, out var read) ? read : throw new FormatException(text)).ToArray();

    internal static Gen<Case> AllCases()
    {
        var minuteOfDay = Gen.OneOf(Gen.Choose(0, 1439), Gen.Elements(0, 60, 90, 120, 150, 180, 540, 1260, 1439));
        var days = Gen.SubListOf(Enum.GetValues<DayOfWeek>()).Select(list => list.Count == 0 ? [DayOfWeek.Sunday] : list.ToArray());
        var window =
            from start in minuteOfDay
            from end in minuteOfDay
            from week in Gen.Frequency((2, Gen.Constant(Enum.GetValues<DayOfWeek>())), (3, days))
            from holidays in Gen.SubListOf(Around.SelectMany(day => new[] { day, day.AddDays(1) }))
            select Window(start, end, week, holidays);
        var cases =
            from w in Gen.Frequency((9, window), (1, Gen.Constant(CallingWindow.Always)))
            from day in Gen.Elements(Around)
            from minute in Gen.Choose(-2 * 1440, 2 * 1440)
            from zone in Gen.Elements(Zones)
            select new Case(w, day.AddMinutes(minute), zone);
        return cases;
    }

    private static CallingWindow Window(int start, int end, DayOfWeek[] days, IEnumerable<DateTimeOffset> holidays)
    {
        var (from, to) = (Time(start), start == end ? Time((end + 30) % 1440) : Time(end));
        return CallingWindowTests.Window(from, to == "00:00" ? "24:00" : to,
            [.. days.Select(day => day.ToString())], [.. holidays.Select(day => day.ToString("yyyy-MM-dd")).Distinct()]);
    }

    private static string Time(int minute) => $"{minute / 60:00}:{minute % 60:00}";

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
