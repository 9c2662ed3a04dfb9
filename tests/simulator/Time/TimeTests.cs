using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Outdial.Simulator.Tests;

public class TimeTests
{
    private static readonly DateTimeOffset Real = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Origin = new(2025, 1, 6, 4, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Virtual_time_is_the_origin_plus_the_scaled_real_time_and_timers_are_scaled_too()
    {
        var real = new FakeTimeProvider(Real);
        var clock = new AcceleratedClock(60, Real, Origin, real);
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);

        real.Advance(TimeSpan.FromSeconds(1.9));
        var early = fired;
        real.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((0, 1), (early, fired));
        Assert.Equal(Origin.AddMinutes(2), clock.GetUtcNow());
    }

    [Theory, InlineData("Clock:Speed", "fast"), InlineData("Clock:Speed", "0"), InlineData("Clock:Origin", "soon")]
    [InlineData("Clock:Origin", "2025-01-06T04:30:00")]
    public void A_clock_that_cannot_be_read_is_named_in_the_error(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build();

        var error = Assert.Throws<InvalidOperationException>(() => AcceleratedClock.From(configuration));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_agenda_runs_in_order_of_time_and_of_entry_and_nothing_early()
    {
        var clock = new FakeTimeProvider(Origin);
        using var agenda = new Agenda(clock);
        var ran = new List<string>();
        agenda.At(Origin.AddSeconds(2), () => ran.Add("second"));
        agenda.At(Origin.AddSeconds(1), () => { ran.Add("first"); agenda.At(Origin.AddSeconds(1), () => ran.Add("first's own")); });
        agenda.At(Origin.AddSeconds(2), () => ran.Add("third"));
        agenda.At(Origin.AddSeconds(9), () => ran.Add("late"));

        clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["first", "first's own", "second", "third"], ran);
        Assert.Equal(1, agenda.Count);
    }

    [Fact]
    public void Indian_time_has_no_zone_in_its_text_and_is_five_and_a_half_hours_ahead()
    {
        var instant = new DateTimeOffset(2021, 7, 14, 10, 6, 22, TimeSpan.Zero);

        Assert.Equal("2021-07-14 15:36:22", IndianTime.Text(instant));
        Assert.Equal("Wed, 14 Jul 2021 15:36:22", IndianTime.LongText(instant));
        Assert.True(IndianTime.TryParse("2021-07-14 15:36:22", out var back) && back == instant);
        Assert.Equal(IndianTime.NoTime, IndianTime.Text(DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData("+91 98250-30240", "+919825030240"), InlineData("09825030240", "+919825030240"), InlineData("9825030240", "+919825030240")]
    [InlineData("919825030240", "+919825030240"), InlineData("+14155550100", "+14155550100"), InlineData("08040852400", "+918040852400")]
    [InlineData("12345", null), InlineData("", null), InlineData("98250abc40", null), InlineData("+919825", null)]
    public void Phone_numbers_are_read_in_the_forms_the_provider_takes(string text, string? expected) =>
        Assert.Equal(expected, PhoneNumbers.TryRead(text, out var e164) ? e164 : null);
}
