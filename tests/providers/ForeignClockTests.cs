using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Outdial.Providers.Tests;

/// <summary>An instant of a foreign clock is held to what we saw ourselves.</summary>
public sealed class ForeignClockTests
{
    private static readonly DateTimeOffset Asked = new(2026, 11, 20, 6, 30, 0, 700, TimeSpan.Zero);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-11-{time}Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("20T06:30:40", "20T06:30:40", null, null)]           // as it should be
    [InlineData("20T06:30:00", "20T06:30:00.700", null, null)]       // whole seconds
    [InlineData("20T06:31:00", "20T06:31:00", null, null)]           // the instant of receipt
    [InlineData("20T06:31:04", "20T06:31:00", null, null)]           // a little ahead
    [InlineData("20T06:27:40", "20T06:31:00", "time-before-call", null)]    // three minutes slow: only the receipt is known
    [InlineData("20T06:40:00", "20T06:31:00", "time-in-future", null)]
    [InlineData("20T01:00:55", "20T06:30:55", "time-before-call", 330)]     // UTC on an account of India's zone
    [InlineData("20T12:00:55", "20T06:31:00", "time-in-future", -330)]      // India's time on an account in UTC
    [InlineData("20T05:30:57", "20T06:30:57", "time-before-call", 60)]      // the clock was set for summer, or was not
    [InlineData("20T06:00:58", "20T06:30:58", "time-before-call", 30)]
    [InlineData("19T06:30:58", "20T06:30:58", "time-before-call", 1440)]    // a day behind
    [InlineData("21T06:30:58", "20T06:31:00", "time-in-future", -1440)]     // a day ahead
    [InlineData("18T06:30:58", "20T06:31:00", "time-before-call", null)]    // farther than zones are
    [InlineData("20T01:13:00", "20T06:31:00", "time-before-call", null)]    // hours behind, and no zone explains it
    public void What_cannot_be_gives_way_to_what_was_heard_and_a_mistaken_zone_is_put_right(
        string said, string believed, string? oddity, int? minutesBehind)
    {
        var held = ForeignClock.Held(At(said), Asked, At("20T06:31:00"));

        Assert.Equal((At(believed), oddity, minutesBehind is { } m ? TimeSpan.FromMinutes(m) : (TimeSpan?)null), (held.At, held.Oddity, held.Behind));
    }

    [Theory]
    [InlineData("20T06:30:40", "20T06:30:40", null)]
    [InlineData("20T01:00:55", "20T01:00:55", null)]    // as good as any late word
    [InlineData("20T12:00:55", "20T06:31:00", "time-in-future")]
    public void Where_the_beginning_is_not_known_only_the_receipt_holds(string said, string believed, string? oddity) =>
        Assert.Equal((At(believed), oddity), ForeignClock.Held(At(said), null, At("20T06:31:00")) is var held ? (held.At, held.Oddity) : default);

    [Fact]
    public void A_word_that_comes_hours_late_keeps_its_instant() =>
        Assert.Equal(new HeldInstant(At("20T06:30:40")), ForeignClock.Held(At("20T06:30:40"), Asked, At("20T11:31:00")));

    [Fact]
    public void A_late_word_of_a_mistaken_zone_is_held_to_its_receipt() =>
        Assert.Equal(At("20T07:41:00"), ForeignClock.Held(At("20T01:00:40"), Asked, At("20T07:41:00")).At);

    [Fact]
    public void Where_our_own_machines_disagree_nothing_happens_before_it_was_asked_for() =>
        Assert.Equal(Asked, ForeignClock.Held(Asked.AddSeconds(-30), Asked, Asked.AddSeconds(-20)).At);

    [Fact]
    public void Held_is_between_asked_and_heard_whatever_is_said_and_holding_again_changes_nothing() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<int>().Generator.Two().ToArbitrary(),
            seconds =>
            {
                var received = Asked.AddSeconds(Math.Abs((long)seconds.Item1 % 100_000));
                var held = ForeignClock.Held(Asked.AddSeconds(seconds.Item2 % 200_000), Asked, received);
                return held.At >= Asked && held.At <= received && ForeignClock.Held(held.At, Asked, received).At == held.At;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_person_is_told_which_setting_explains_a_clock_of_another_zone()
    {
        var (said, received) = (At("20T01:00:55"), At("20T06:31:00"));

        var sentence = ForeignClock.Sentence(ForeignClock.Held(said, Asked, received), said, "default");

        Assert.Contains("5 h 30 min behind ours", sentence, StringComparison.Ordinal);
        Assert.Contains("Accounts:default:TimeZone", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20T06:28:00", "20T06:28:00")]   // a slow clock: the order of its instants is all that matters
    [InlineData("20T01:00:55", "20T06:30:55")]
    [InlineData("20T04:14:00", "20T06:31:00")]   // no clock is that far off
    [InlineData("20T12:00:55", "20T12:00:55")]   // ahead: whoever reads it holds it to its receipt
    public void For_comparisons_only_what_is_no_drift_is_put_right(string said, string believed) =>
        Assert.Equal(At(believed), ForeignClock.Near(At(said), Asked, At("20T06:31:00")));

    [Theory]
    [InlineData("0"), InlineData("-1"), InlineData("1970-01-01 05:30:00"), InlineData("0000-00-00 00:00:00"), InlineData("0000-00-00"), InlineData("2147483647"),
     InlineData("2038-01-19 03:14:07"), InlineData("Thu, 01 Jan 1970 05:30:00"), InlineData("1969-12-31 19:00:00"), InlineData("0001-01-01T00:00:00")]
    public void No_time_yet_is_written_in_many_ways(string text) => Assert.True(ProviderTimes.IsNone(text));

    [Theory]
    [InlineData("1764000000", 1764000000), InlineData("1764000000.5", 1764000000.5), InlineData("1764000000123", 1764000000.123), InlineData(
        "1764000000123456", 1764000000.123456)]
    public void Counts_since_1970_are_read_in_seconds_and_finer(string text, double seconds) =>
        Assert.Equal(seconds, (ProviderTimes.Counted(text)!.Value - DateTimeOffset.UnixEpoch).TotalSeconds, 5);

    [Theory]
    [InlineData("17"), InlineData("2026"), InlineData("yesterday"), InlineData("99999999999999999999"), InlineData("")]
    public void What_counts_nothing_that_a_call_can_be_is_no_time(string text) => Assert.Null(ProviderTimes.Counted(text));
}
