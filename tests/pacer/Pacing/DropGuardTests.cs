using FsCheck;
using FsCheck.Fluent;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

public sealed class DropGuardTests
{
    private static readonly DropCount Of452 = new() { Answers = 452, Drops = 12, Limit = 0.03 };

    [Theory]
    [InlineData(12, 0, false)]   // 13 of 452 are 2.9 %
    [InlineData(13, 0, true)]    // 14 of 452 would be 3.1 %
    [InlineData(12, 1, true)]    // one waits whom nobody can take: as good as dropped
    public void It_holds_when_the_next_drop_would_break_the_limit(int drops, int waiting, bool holds) =>
        Assert.Equal(holds, DropGuard.Holds(Of452 with { Drops = drops }, waiting, 0, 400));

    [Fact]
    public void A_free_agent_takes_one_who_waits() => Assert.False(DropGuard.Holds(Of452, 1, 1, 400));

    [Fact]
    public void One_who_waits_past_the_limit_is_a_drop_and_is_not_counted_twice() =>
        Assert.False(DropGuard.Holds(Of452 with { StillWaiting = 1 }, 1, 0, 400));

    [Fact]
    public void Answers_to_come_are_counted_on_as_long_as_the_pace_the_hours_and_the_leads_last()
    {
        var busy = Of452 with { AnswersLately = 100, SecondsLeft = 3600 };

        Assert.Equal(380, DropGuard.Forecast(busy, 400), 1);   // four times a quarter of an hour, less five per cent
        Assert.Equal(95, DropGuard.Forecast(busy with { SecondsLeft = 900 }, 400), 1);
        Assert.Equal(20, DropGuard.Forecast(busy, 20));
        Assert.Equal(0, DropGuard.Forecast(busy with { SecondsLeft = 0 }, 400));
        Assert.Equal(30, DropGuard.Forecast(busy with { Answers = 30 }, 400));   // never more than have answered
    }

    [Fact]
    public void Answers_to_come_make_room_for_a_drop_now()
    {
        var busy = Of452 with { Drops = 13, AnswersLately = 100, SecondsLeft = 3600 };

        Assert.False(DropGuard.Holds(busy, 0, 0, 400));                            // 14 of 453 and 380 more
        Assert.True(DropGuard.Holds(busy with { SecondsLeft = 0 }, 0, 0, 400));    // 14 of 453
    }

    [Fact]
    public void The_rate_is_the_share_of_the_answers_and_nothing_where_nobody_answered()
    {
        Assert.Equal(0.03, (Of452 with { Answers = 400 }).Rate, 10);
        Assert.Equal(0, (Of452 with { Answers = 0, Drops = 0 }).Rate);
    }

    [Fact]
    public void A_campaign_that_nobody_has_answered_yet_dials_one_call_for_each_free_agent() =>
        Assert.True(DropGuard.Holds(new() { Answers = 0, Drops = 0, Limit = 0.03 }, 0, 5, 400));

    [Fact]
    public void A_limit_of_a_hundred_per_cent_is_none() => Assert.False(DropGuard.Holds(new() { Answers = 0, Drops = 0, Limit = 1 }, 0, 5, 400));

    [Fact]
    public void Without_a_forecast_it_never_lets_a_drop_through_that_breaks_the_limit() => Prop.ForAll(
        ArbMap.Default.ArbFor<(ushort, byte, byte)>(),
        x =>
        {
            var (answers, drops, waiting) = x;
            var count = new DropCount { Answers = answers, Drops = Math.Min((int)drops, answers), Limit = 0.03 };
            return DropGuard.Holds(count, waiting, 0, 400) || count.Drops + 1 + waiting <= 0.03 * (answers + 1);
        }).QuickCheckThrowOnFailure();
}
