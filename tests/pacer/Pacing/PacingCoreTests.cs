using FsCheck;
using FsCheck.Fluent;
using Outdial.Contracts;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

public sealed class PacingCoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    private static readonly PacingSnapshot Calm = Snapshots.Calm with
    {
        CampaignOpen = 10,
        AccountOpen = 10,
    };

    [Fact]
    public void The_minutes_budget_is_spread_over_the_minute() => Assert.Equal(4, PacingCore.Decide(Calm).Calls);   // 200 / 60, rounded up

    [Fact]
    public void Single_calls_are_not_spread_but_keep_to_the_budget()
    {
        var single = Calm with { Mode = "triggered", LeadsDue = 30 };

        Assert.Equal(30, PacingCore.Decide(single).Calls);
        Assert.Equal(20, PacingCore.Decide(single with { AccountTokens = 20 }).Calls);
        Assert.Equal(10, PacingCore.Decide(single with { CampaignLastMinute = 190 }).Calls);
    }

    [Fact]
    public void A_late_pulse_catches_up_but_never_with_a_burst() =>
        Assert.Equal(50, PacingCore.Decide(Calm with { SecondsSinceLast = 3600 }).Calls);   // fifteen seconds' worth

    [Theory]
    [InlineData("Budget", 2)]
    [InlineData("Concurrency", 1)]
    [InlineData("LeadsDue", 3)]
    public void The_tightest_bound_decides_and_is_named(string code, int calls)
    {
        var snapshot = code switch
        {
            "Budget" => Calm with { AccountTokens = 2 },
            "Concurrency" => Calm with { AccountOpen = 99 },
            _ => Calm with { LeadsDue = 3 },
        };

        var decision = PacingCore.Decide(snapshot);

        Assert.Equal((code, calls), (decision.Code, decision.Calls));
        Assert.NotEmpty(decision.Reason);
    }

    [Fact]
    public void A_low_completion_rate_slows_the_pace_and_says_so()
    {
        var decision = PacingCore.Decide(Calm with { RateFactor = 0.25, CompletionRate = 0.1, CompletionFloor = 0.3 });

        Assert.Equal(("CompletionBrake", 1), (decision.Code, decision.Calls));
        Assert.Contains("10", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_campaigns_own_limit_holds_where_it_is_less_than_its_share_and_the_share_where_that_is_less()
    {
        var slow = Calm with { CampaignPerMinute = 60, SecondsSinceLast = 15 };

        Assert.Equal(15, PacingCore.Decide(slow).Calls);
        Assert.Equal(50, PacingCore.Decide(slow with { CampaignPerMinute = 600 }).Calls);
        Assert.Equal(new(6, "CampaignRate", "6 now: 54 calls in the last minute of 60 allowed"), PacingCore.Decide(slow with { CampaignLastMinute = 54 }));
        Assert.Equal(new(0, "CompletionBrake", "0 now: 54 calls in the last minute of 30 allowed"),
            PacingCore.Decide(slow with { CampaignLastMinute = 54, RateFactor = 0.5, CompletionRate = 0.1, CompletionFloor = 0.3 }));
    }

    private static (PacingSnapshot Snapshot, PacingDecision Decision)[] Sentences =>
    [
        (Calm, new(4, "Pace", "4 now: spread over the minute at 200 calls a minute")),
        (Calm with { AccountTokens = 2 }, new(2, "Budget", "2 now: provider budget: 2 of 200 requests left in this minute")),
        (Calm with { AccountTokens = -3 }, new(0, "Budget", "0 now: provider budget: 0 of 200 requests left in this minute")),
        (Calm with { AccountOpen = 99 }, new(1, "Concurrency", "1 now: 99 of 100 concurrent calls are open")),
        (Calm with { LeadsDue = 3 }, new(3, "LeadsDue", "3 now: 3 leads are due")),
        (Calm with { LeadsDue = 0 }, new(0, "NothingDue", "no lead is due; 10 calls are open")),
        (Calm with { LeadsDue = 0, CampaignOpen = 0 }, new(0, "NothingDue", "no lead is due")),
        (Calm with { Zones = 2, OpenZones = 0 }, new(0, "OutsideWindow", "no calling hour in any of the leads' time zones")),
        // Not counted, because no lead is open.
        (Calm with { Zones = 0, OpenZones = 0 }, new(4, "Pace", "4 now: spread over the minute at 200 calls a minute")),
        (Down(Now.AddSeconds(1)), new(0, "ProviderDown", "it is down; not before 06:30:01 UTC")),
        (Down(Now), new(4, "Pace", "4 now: spread over the minute at 200 calls a minute")),
        (
            Calm with { RateFactor = 0.25, CompletionRate = 0.1, CompletionFloor = 0.3 },
            new(1, "CompletionBrake", "1 now: completion rate 10 % is under the floor of 30 %: slowed to 50 calls a minute")
        ),
    ];

    public static TheoryData<int> Each => [.. Enumerable.Range(0, Sentences.Length)];

    private static PacingSnapshot Down(DateTimeOffset until) => Calm with { BlockedUntil = until, BlockedReason = "it is down" };

    [Theory, MemberData(nameof(Each))]
    public void What_was_decided_is_said_with_the_figures_that_decided(int each) =>
        Assert.Equal(Sentences[each].Decision, PacingCore.Decide(Sentences[each].Snapshot));

    [Fact]
    public void Campaigns_of_one_account_share_its_budget() =>
        Assert.Equal(2, PacingCore.Decide(Calm with { CampaignsSharing = 2 }).Calls);   // as decided by versions without weights

    [Fact]
    public void Single_calls_do_not_wait_for_lists() => Assert.Equal(40, PacingCore.Decide(Calm with
    {
        Mode = CampaignModes.Triggered,
        LeadsDue = 40,
        Claim = new("single", 1, 0, null),
        Others = [new("list", 5, 9, null)],
        CampaignsSharing = 2,
    }).Calls);

    [Fact]
    public void A_decision_says_with_whom_the_budget_is_shared()
    {
        BudgetClaim One(string name, double weight) => new(name, weight, 0, null);
        var shared = Calm with { Claim = One("ours", 1), Others = [One("Alpha", 2), One("Beta", 1)], CampaignsSharing = 3 };

        Assert.Equal("1 now: spread over the minute at 50 calls a minute, its share of 200 by weight 1 beside Alpha (2), Beta (1)",
            PacingCore.Decide(shared).Reason);
        Assert.Equal("1 now: spread over the minute at 20 calls a minute", PacingCore.Decide(shared with { CampaignPerMinute = 20 }).Reason);
        Assert.Equal("4 now: spread over the minute at 200 calls a minute", PacingCore.Decide(Calm with { Claim = One("ours", 1) }).Reason);
    }

    [Fact]
    public void Nothing_is_dialed_over_a_blocked_account() =>
        Assert.Equal((0, "Throttled"), PacingCore.Decide(
            Calm with { BlockedUntil = Now.AddSeconds(1), BlockedCode = "Throttled", BlockedReason = "429" }) is var d ? (d.Calls, d.Code) : default);

    [Fact]
    public void Whatever_the_snapshot_no_bound_is_exceeded_and_the_answer_is_the_same_again() => Prop.ForAll(
        ArbMap.Default.ArbFor<(int, int, int, int, int)>(),
        x =>
        {
            var (due, open, tokens, last, seconds) = x;
            var snapshot = Calm with
            {
                LeadsDue = Math.Abs(due % 1000),
                AccountOpen = Math.Abs(open % 200),
                AccountTokens = tokens % 250,
                CampaignLastMinute = Math.Abs(last % 300),
                SecondsSinceLast = seconds % 100,
            };
            var decision = PacingCore.Decide(snapshot);
            return decision == PacingCore.Decide(snapshot)
                && decision.Calls >= 0
                && decision.Calls <= snapshot.LeadsDue
                && decision.Calls <= Math.Max(0, snapshot.AccountTokens)
                && decision.Calls <= Math.Max(0, snapshot.AccountMaxOpen - snapshot.AccountOpen)
                && decision.Calls + snapshot.CampaignLastMinute <= Math.Max(200, snapshot.CampaignLastMinute);
        }).QuickCheckThrowOnFailure();
}
