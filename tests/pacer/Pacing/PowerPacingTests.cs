using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

public sealed class PowerPacingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    private static readonly PowerFloor Floor = new()
    {
        Ratio = 1.5,
        SignedIn = 6,
        Ready = 4,
        Answered = 0,
        Underway = 0,
        Marks = new(2, 0, 0),
        Drops = new() { Answers = 1000, Drops = 0, Limit = 0.03 },
    };

    private static PacingSnapshot Seen(PowerFloor floor) =>
        Snapshots.Calm with
        {
            Mode = "power",
            SecondsSinceLast = 15,
            CampaignOpen = 10,
            AccountOpen = 10,
            AccountPerMinute = 2000,
            AccountTokens = 2000,
            Power = floor,
        };

    [Theory]
    [InlineData(4, 0, 0, 6)]
    [InlineData(4, 1, 2, 3)]
    [InlineData(3, 0, 0, 4)]   // 4.5, rounded down
    [InlineData(1, 1, 0, 0)]   // the one who waits gets the free agent
    [InlineData(4, 0, 7, 0)]   // more are under way than were wanted
    public void The_ratio_times_the_free_agents_less_those_who_wait_and_are_under_way(int ready, int waiting, int underway, int calls) =>
        Assert.Equal(calls, PacingCore.Decide(Seen(Floor with { Ready = ready, Answered = waiting, Underway = underway })).Calls);

    [Fact]
    public void Nothing_is_dialed_while_no_agent_is_free_whatever_the_ratio() =>
        Assert.Equal((0, "NoFreeAgent"), Said(Floor with { Ready = 0, Ratio = 10 }));

    [Fact]
    public void Nobody_signed_in_is_said_in_words()
    {
        var decision = PacingCore.Decide(Seen(Floor with { SignedIn = 0, Ready = 0 }));

        Assert.Equal(new PacingDecision(0, "NoAgents", "no agent is signed in"), decision);
    }

    [Fact]
    public void Where_the_provider_keeps_the_queue_an_unnamed_conversation_takes_one_of_the_ready_agents()
    {
        var floor = Floor with { ProviderQueue = true, Connected = 3, Unnamed = 3 };

        Assert.Equal((1, 1), (floor.Free, PacingCore.Decide(Seen(floor)).Calls));
        Assert.Equal(4, (floor with { ProviderQueue = false }).Free);   // here the router knows who talks: they are not ready
    }

    [Fact]
    public void A_lead_for_whom_an_agents_phone_rings_does_not_wait_for_another_agent()
    {
        var floor = Floor with { Answered = 3, Ringing = 2 };

        Assert.Equal((1, 3), (floor.Waiting, (floor with { ProviderQueue = true }).Waiting));
    }

    [Fact]
    public void An_agent_who_serves_two_campaigns_is_not_dialed_for_twice() =>
        Assert.Equal(3, (Floor with { SharedReady = 2, OthersCalls = 1 }).Free);

    [Fact]
    public void Too_many_who_wait_stop_the_dialing_before_anything_else_is_looked_at()
    {
        var decision = PacingCore.Decide(Seen(Floor with { Ready = 1, Answered = 3 }) with { BlockedUntil = Now.AddMinutes(1), LeadsDue = 0 });

        Assert.Equal((0, "QueueExcess"), (decision.Calls, decision.Code));
    }

    [Fact]
    public void Near_the_drop_limit_one_call_is_placed_for_each_free_agent_and_the_reason_says_so()
    {
        var decision = PacingCore.Decide(Seen(Floor with { Drops = new() { Answers = 452, Drops = 14, Limit = 0.03 } }));

        Assert.Equal((4, "DropGuard"), (decision.Calls, decision.Code));
        Assert.Contains("drop limit: 14 drops of 452 answers, next one breaks 3.0%", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_decided_is_said_with_the_agents_and_the_leads_that_decided()
    {
        Assert.Equal(new(3, "Power", "3 now: power: 3 of 6 possible with 4 agents free, 1 answered lead waits, 2 calls are under way"),
            PacingCore.Decide(Seen(Floor with { Answered = 1, Underway = 2 })));
        Assert.Equal("no agent is free: 6 signed in, 5 calls connected, 1 answered lead waits",
            PacingCore.Decide(Seen(Floor with { Ready = 0, Connected = 5, Answered = 1 })).Reason);
        Assert.Equal("3 answered leads wait for an agent, 1 agent free: 2 or more beyond that pause the campaign until 0 wait",
            PacingCore.Decide(Seen(Floor with { Ready = 1, Answered = 3 })).Reason);
        Assert.Equal("paused: 3 answered leads wait for an agent, 4 agents free, resume at 0", PowerPacing.WhilePaused(Floor with { Answered = 3 }));
    }

    [Fact]
    public void The_accounts_limits_hold_in_power_mode_too() => Assert.Equal(
        (2, "Concurrency"), PacingCore.Decide(Seen(Floor) with { AccountOpen = 98 }) is var d ? (d.Calls, d.Code) : default);

    [Fact]
    public void Law_8_a_decision_stored_before_there_were_agents_replays()
    {
        var stored = JsonSerializer.Serialize(Seen(Floor) with { Mode = "notification", Power = null }, JsonSerializerOptions.Web)
            .Replace(",\"power\":null", "", StringComparison.Ordinal);

        var replayed = JsonSerializer.Deserialize<PacingSnapshot>(stored, JsonSerializerOptions.Web)!;

        Assert.DoesNotContain("power", stored, StringComparison.Ordinal);
        Assert.Equal(PacingCore.Decide(Seen(Floor) with { Mode = "notification", Power = null }), PacingCore.Decide(replayed));
    }

    [Fact]
    public void Law_8_a_power_decision_is_the_same_after_its_snapshot_was_stored() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte, byte, byte, byte, byte, bool)>(),
        x =>
        {
            var (ready, answered, underway, drops, unnamed, providerQueue) = x;
            var floor = Floor with
            {
                SignedIn = ready + 3,
                Ready = ready,
                Answered = answered % 20,
                Underway = underway % 40,
                Unnamed = unnamed % 20,
                ProviderQueue = providerQueue,
                Drops = Floor.Drops with { Drops = drops % 60 },
                Marks = new(5, 1, 0),
            };
            var snapshot = Seen(floor);
            var stored = JsonSerializer.Deserialize<PacingSnapshot>(
                JsonSerializer.Serialize(snapshot, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;
            var decision = PacingCore.Decide(snapshot);
            return decision == PacingCore.Decide(stored)
                && decision.Calls >= 0
                && (floor.Free > 0 || decision.Calls == 0)
                && (!floor.IsExcess || decision is { Calls: 0, Code: "QueueExcess" })
                && decision.Calls <= Math.Max(0, (int)(1.5 * floor.Free) - floor.Waiting - floor.Underway);
        }).QuickCheckThrowOnFailure();

    private static (int, string) Said(PowerFloor floor) => PacingCore.Decide(Seen(floor)) is var d ? (d.Calls, d.Code) : default;
}
