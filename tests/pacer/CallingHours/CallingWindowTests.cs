using System.Text.Json;
using Outdial.Pacer.CallingHours;

namespace Outdial.Pacer.Tests.CallingHours;

public class CallingWindowTests
{
    private const string Kolkata = "Asia/Kolkata";
    private const string NewYork = "America/New_York";
    private const string London = "Europe/London";

    [Theory]
    [InlineData("2026-03-04T03:29:59Z", false)]   // 08:59:59 in India
    [InlineData("2026-03-04T03:30:00Z", true)]
    [InlineData("2026-03-04T15:29:59Z", true)]
    [InlineData("2026-03-04T15:30:00Z", false)]   // 21:00
    [InlineData("2026-03-04T09:00:00+05:30", true)]
    public void The_window_is_read_on_the_lead_s_own_wall_clock(string instant, bool open) =>
        Assert.Equal(open, Window("09:00", "21:00").IsOpen(At(instant), Kolkata));

    [Fact]
    public void The_same_instant_is_open_for_one_zone_and_closed_for_another()
    {
        var noonInIndia = At("2026-03-04T12:00:00+05:30");

        Assert.True(Window("09:00", "21:00").IsOpen(noonInIndia, Kolkata));
        Assert.False(Window("09:00", "21:00").IsOpen(noonInIndia, London));
    }

    [Fact]
    public void After_friday_evening_a_working_week_s_window_opens_on_monday()
    {
        var window = Window("09:00", "18:00", ["Mon", "Tue", "Wed", "Thu", "Fri"]);

        Assert.Equal(At("2026-03-09T09:00:00+05:30"), window.NextOpen(At("2026-03-06T18:00:00+05:30"), Kolkata));
    }

    [Theory]
    [InlineData("2026-03-06T19:59:00Z", false)]
    [InlineData("2026-03-06T20:00:00Z", true)]
    [InlineData("2026-03-07T01:59:00Z", true)]    // Saturday's early hours belong to Friday's window
    [InlineData("2026-03-07T02:00:00Z", false)]
    [InlineData("2026-03-07T20:00:00Z", false)]
    public void A_window_over_midnight_belongs_to_the_day_on_which_it_starts(string instant, bool open) =>
        Assert.Equal(open, Window("20:00", "02:00", ["Fri"]).IsOpen(At(instant), London));

    [Fact]
    public void A_window_over_midnight_closes_the_next_morning() =>
        Assert.Equal(At("2026-03-07T02:00:00Z"), Window("20:00", "02:00", ["Fri"]).ClosesAt(At("2026-03-06T23:00:00Z"), London));

    [Fact]
    public void A_holiday_closes_its_whole_date_and_the_window_that_would_start_on_it()
    {
        var window = Window("20:00", "02:00", holidays: ["2026-01-26"]);

        Assert.True(window.IsOpen(At("2026-01-25T23:59:00+05:30"), Kolkata));
        Assert.False(window.IsOpen(At("2026-01-26T00:30:00+05:30"), Kolkata));
        Assert.False(window.IsOpen(At("2026-01-27T01:00:00+05:30"), Kolkata));
        Assert.Equal(At("2026-01-26T00:00:00+05:30"), window.ClosesAt(At("2026-01-25T21:00:00+05:30"), Kolkata));
        Assert.Equal(At("2026-01-27T20:00:00+05:30"), window.NextOpen(At("2026-01-26T00:00:00+05:30"), Kolkata));
    }

    [Fact]
    public void A_window_that_starts_in_the_skipped_hour_opens_when_the_hour_is_over()
    {
        var window = Window("02:30", "05:00");   // 8 March 2026: New York goes from 02:00 to 03:00

        Assert.Equal(At("2026-03-08T07:00:00Z"), window.NextOpen(At("2026-03-08T05:00:00Z"), NewYork));
        Assert.Equal(At("2026-03-08T09:00:00Z"), window.ClosesAt(At("2026-03-08T07:00:00Z"), NewYork));
    }

    [Fact]
    public void A_window_inside_the_skipped_hour_does_not_open_that_day() =>
        Assert.Equal(At("2026-03-09T06:10:00Z"), Window("02:10", "02:50").NextOpen(At("2026-03-08T05:00:00Z"), NewYork));

    [Fact]
    public void A_window_inside_the_repeated_hour_is_open_twice()
    {
        var window = Window("01:15", "01:45");   // 25 October 2026: London passes 01:00 to 02:00 twice

        Assert.Equal(At("2026-10-25T00:45:00Z"), window.ClosesAt(At("2026-10-25T00:15:00Z"), London));
        Assert.Equal(At("2026-10-25T01:15:00Z"), window.NextOpen(At("2026-10-25T00:45:00Z"), London));
        Assert.Equal(At("2026-10-25T01:45:00Z"), window.ClosesAt(At("2026-10-25T01:15:00Z"), London));
    }

    [Fact]
    public void The_whole_day_is_written_from_midnight_to_24_and_never_closes()
    {
        var window = Window("00:00", "24:00");

        Assert.Equal(CallingWindow.Always, window);
        Assert.Null(window.ClosesAt(At("2026-03-08T05:00:00Z"), NewYork));
    }

    [Fact]
    public void The_whole_day_closes_at_a_holiday_however_far_away() =>
        Assert.Equal(At("2027-12-25T00:00:00Z"),
            Window("00:00", "24:00", holidays: ["2027-12-25"]).ClosesAt(At("2026-03-08T05:00:00Z"), London));

    [Fact]
    public void The_whole_day_closes_at_the_next_holiday_on_whatever_day_it_falls_and_past_ones_do_not_count()
    {
        for (var date = new DateOnly(2026, 3, 2); date < new DateOnly(2026, 3, 30); date = date.AddDays(1))
            Assert.Equal(At($"{date:yyyy-MM-dd}T00:00:00Z"),
                Window("00:00", "24:00", holidays: ["2026-02-01", $"{date:yyyy-MM-dd}"]).ClosesAt(At("2026-03-01T05:00:00Z"), London));
    }

    [Fact]
    public void Windows_that_differ_in_one_thing_are_not_equal()
    {
        var window = Window("09:00", "18:00", ["Mon", "Tue"], ["2026-01-26"]);

        Assert.Equal(window, Window("09:00", "18:00", ["Tue", "Mon"], ["2026-01-26"]));
        Assert.All(
            [
                Window("08:00", "18:00", ["Mon", "Tue"], ["2026-01-26"]), Window("09:00", "17:00", ["Mon", "Tue"], ["2026-01-26"]),
                Window("09:00", "18:00", ["Mon", "Wed"], ["2026-01-26"]), Window("09:00", "18:00", ["Mon", "Tue"], ["2026-01-27"]), null,
            ],
            other => Assert.False(window.Equals(other)));
    }

    [Fact]
    public void A_closed_window_has_no_closing_time() => Assert.Null(Window("09:00", "21:00").ClosesAt(At("2026-03-08T23:00:00Z"), London));

    [Theory]
    [InlineData("09:00", "09:00", "Mon", null, "The calling window's to is '09:00': another time than from, because this window is empty; for the whole day write from 00:00 to 24:00.")]
    [InlineData("00:00", "00:00", "Mon", null, "because this window is empty")]
    [InlineData("9 am", "21:00", "Mon", null, "The calling window's from is '9 am': a time of day, such as 09:00.")]
    [InlineData("24:00", "09:00", "Mon", null, "from is '24:00'")]
    [InlineData("09:00", null, "Mon", null, "to is missing")]
    [InlineData("09:00", "25:00", "Mon", null, "to is '25:00'")]
    [InlineData("09:00", "21:00", "Moonday", null, "days is 'Moonday'")]
    [InlineData("09:00", "21:00", "", null, "days is '[]': at least one of")]
    [InlineData("09:00", "21:00", "Mon", "26.01.2026", "holidays is '26.01.2026'")]
    public void A_window_that_makes_no_sense_is_refused_with_a_sentence(string? from, string? to, string days, string? holiday, string sentence)
    {
        var form = new CallingWindowForm(from, to, days.Split(',', StringSplitOptions.RemoveEmptyEntries), holiday is null ? null : [holiday]);

        Assert.False(form.TryRead(out _, out var problems));
        Assert.Contains(sentence, string.Join(' ', problems));
    }

    [Fact]
    public void A_window_is_stored_as_people_write_it()
    {
        const string json = """{"from":"20:00","to":"24:00","days":["Mon","Sun"],"holidays":["2026-01-26"]}""";

        var window = JsonSerializer.Deserialize<CallingWindow>(json)!;

        Assert.Equal(json, JsonSerializer.Serialize(window));
        Assert.Equal(Window("20:00", "24:00", ["sunday", "MON", "Mon"], ["2026-01-26"]), window);
    }

    [Fact]
    public void A_zone_that_does_not_exist_is_named()
    {
        var refusal = Assert.Throws<ArgumentException>(() => CallingWindow.Always.IsOpen(DateTimeOffset.UnixEpoch, "Asia/Atlantis"));

        Assert.Contains("Asia/Atlantis", refusal.Message);
        Assert.True(CallingZones.TryFind(" asia/kolkata", out var zone));
        Assert.Equal(Kolkata, zone);
    }

    internal static CallingWindow Window(string from, string to, string[]? days = null, string[]? holidays = null)
    {
        Assert.True(new CallingWindowForm(from, to, days, holidays).TryRead(out var window, out var problems), string.Join(' ', problems));
        return window;
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
}
