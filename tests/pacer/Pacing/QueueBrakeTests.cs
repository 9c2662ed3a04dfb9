using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

public sealed class QueueBrakeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(5, 140, 2, 2, 0)]
    [InlineData(20, 140, 2, 2, 0)]
    [InlineData(100, 140, 2, 5, 1)]
    [InlineData(500, 140, 2, 25, 6)]
    [InlineData(100, 140, 20, 22, 5)]   // leads who may wait 20 s: half as many again as 100 agents can take in that time
    public void The_marks_grow_with_the_agents_and_with_the_time_a_lead_may_wait(int agents, double handle, int within, int high, int low)
    {
        var marks = QueueBrake.Marks(new() { ConnectWithin = TimeSpan.FromSeconds(within) }, agents, handle);

        Assert.Equal(new QueueMarks(high, low, 0), marks);
    }

    [Fact]
    public void The_campaigns_own_marks_go_first_and_the_low_one_stays_under_the_high_one()
    {
        Assert.Equal(new(8, 3, 10), QueueBrake.Marks(new() { QueueHigh = 8, QueueLow = 3, QueueDwell = TimeSpan.FromSeconds(10) }, 100, 140));
        Assert.Equal(new(2, 1, 0), QueueBrake.Marks(new() { QueueLow = 7 }, 5, 140));
    }

    [Fact]
    public void A_short_queue_with_no_agent_free_is_no_reason_to_go_on() =>
        Assert.Equal((BrakeAction.Stay, new(true, null)), QueueBrake.Next(new(true, Start), 0, 0, new(2, 0, 0), Start));

    [Fact]
    public void It_goes_on_once_the_queue_has_been_at_the_low_mark_for_the_dwell_and_one_more_who_waits_begins_it_anew()
    {
        var marks = new QueueMarks(8, 2, 10);
        var paused = new BrakeState(true, null);

        Assert.Equal((BrakeAction.Stay, new BrakeState(true, Start)), QueueBrake.Next(paused, 2, 1, marks, Start));
        Assert.Equal((BrakeAction.Stay, new BrakeState(true, Start)), QueueBrake.Next(new(true, Start), 2, 1, marks, Start.AddSeconds(9)));
        Assert.Equal((BrakeAction.Resume, new BrakeState(false, null)), QueueBrake.Next(new(true, Start), 2, 1, marks, Start.AddSeconds(10)));
        Assert.Equal((BrakeAction.Stay, paused), QueueBrake.Next(new(true, Start), 3, 1, marks, Start.AddSeconds(10)));
    }

    /// <summary>Random walks with noise, for queues and free agents alike, over random marks.</summary>
    [Fact]
    public void Over_any_noisy_queue_it_pauses_at_once_resumes_only_under_the_low_mark_and_does_not_flap()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var high = random.Next(1, 12);
            var marks = new QueueMarks(high, random.Next(0, high), random.Next(0, 3) * random.Next(0, 8));
            var (state, queue, lowFor, reachedHighSinceResume) = (new BrakeState(false, null), 0.0, 0, true);
            for (var second = 0; second < 600; second++)
            {
                queue = Math.Max(0, queue + random.NextDouble() * 4 - 2);
                var waiting = Math.Max(0, (int)Math.Round(queue + random.Next(-2, 3)));
                var free = random.Next(0, 4);
                var wasPaused = state.Paused;
                var isLow = waiting <= marks.Low && free > 0;
                reachedHighSinceResume |= waiting - free >= marks.High;

                (var action, state) = QueueBrake.Next(state, waiting, free, marks, Start.AddSeconds(second));

                var told = $"seed {seed}, second {second}: {waiting} wait, {free} free, {marks}, {action}";
                Assert.True(wasPaused || (action == BrakeAction.Pause) == (waiting - free >= marks.High), told);   // within one look
                Assert.True(action != BrakeAction.Resume || (isLow && lowFor >= marks.Dwell), told);
                Assert.True(action != BrakeAction.Pause || reachedHighSinceResume, told);
                Assert.True(state.Paused == (action == BrakeAction.Pause || (wasPaused && action != BrakeAction.Resume)), told);
                lowFor = isLow && wasPaused ? lowFor + 1 : 0;
                if (action == BrakeAction.Resume)
                    (reachedHighSinceResume, lowFor) = (false, 0);
            }
        }
    }

    [Fact]
    public void A_queue_that_wavers_between_the_marks_changes_nothing()
    {
        var marks = new QueueMarks(8, 2, 0);
        foreach (var paused in new[] { true, false })
        {
            var state = new BrakeState(paused, null);
            for (var i = 0; i < 200; i++)
            {
                (var action, state) = QueueBrake.Next(state, i % 2 == 0 ? 3 : 8, 1, marks, Start.AddSeconds(i));
                Assert.Equal(BrakeAction.Stay, action);
            }
        }
    }
}
