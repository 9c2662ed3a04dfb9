using Outdial.Contracts;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

public sealed class HopperRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    private static PacingDecision Decide(HopperFacts hopper, int due = 500, int dialedLastMinute = 0, int? perMinute = null, double factor = 1) =>
        PacingCore.Decide(Snapshots.Calm with
        {
            Mode = "progressive",
            LeadsDue = due,
            CampaignPerMinute = perMinute,
            CampaignLastMinute = dialedLastMinute,
            RateFactor = factor,
            Hopper = hopper,
        });

    [Theory]
    [InlineData(4, 2, 0, 0, 8)]      // two for each agent
    [InlineData(4, 2, 3, 0, 5)]      // what is offered is taken off
    [InlineData(4, 2, 0, 40, 20)]    // fast dialing: half a minute's worth
    [InlineData(1, 2, 0, 90, 10)]    // but never more than ten for each
    [InlineData(4, 2, 9, 0, 0)]
    public void The_hopper_is_sized_by_agents_and_by_how_fast_they_dial(int agents, int perAgent, int offered, int dialedLastMinute, int offers) =>
        Assert.Equal(offers, Decide(new(agents, agents, perAgent, offered), dialedLastMinute: dialedLastMinute).Calls);

    [Fact]
    public void Agents_of_several_campaigns_fill_the_hopper_of_each_in_part()
    {
        Assert.Equal(5, Decide(new(4, 4, 2, 0) { Share = 2.25 }).Calls);
        Assert.Equal(1, Decide(new(1, 1, 2, 0) { Share = 0.2 }).Calls);
    }

    [Fact]
    public void Without_agents_nothing_is_offered_and_the_reason_says_whether_they_are_away_or_on_a_break()
    {
        Assert.Equal((0, "NoAgents", "no agent of the campaign is signed in"), Of(Decide(new(0, 0, 2, 0))));
        Assert.Equal((0, "NoAgents", "2 agents signed in, all on a break"), Of(Decide(new(0, 2, 2, 0))));
    }

    [Fact]
    public void No_more_is_offered_than_is_due() => Assert.Equal((3, "LeadsDue"), Decide(new(4, 4, 2, 0), due: 3) is var d ? (d.Calls, d.Code) : default);

    [Fact]
    public void The_campaigns_own_rate_counts_what_was_dialed_and_what_may_be_dialed_from_the_hopper()
    {
        var decision = Decide(new(10, 10, 2, 5), dialedLastMinute: 20, perMinute: 30);

        Assert.Equal((5, "CampaignRate"), (decision.Calls, decision.Code));
        Assert.Equal(0, Decide(new(10, 10, 2, 5), dialedLastMinute: 20, perMinute: 30, factor: 0.5).Calls);
    }

    [Fact]
    public void Without_a_limit_of_its_own_only_the_brake_bounds_a_campaign_by_the_accounts_budget()
    {
        Assert.Equal((100, "Hopper"), Decide(new(40, 40, 2, 0), dialedLastMinute: 200) is var free ? (free.Calls, free.Code) : default);
        Assert.Equal((10, "CampaignRate", "90 leads dialed in the last minute of 100 allowed, 0 in the hopper"),
            Of(Decide(new(40, 40, 2, 0), dialedLastMinute: 90, factor: 0.5)));
    }

    [Fact]
    public void What_was_decided_is_said_with_the_figures_that_decided()
    {
        Assert.Equal((8, "Hopper", "8 now: 0 of 8 in the hopper for 4 agents"), Of(Decide(new(4, 4, 2, 0), due: 8)));
        Assert.Equal((7, "LeadsDue", "7 now: 7 leads are due"), Of(Decide(new(4, 4, 2, 0), due: 7)));
        Assert.Equal((0, "HopperFull", "2 in the hopper for 1 agent, which is enough"), Of(Decide(new(1, 1, 2, 2))));
        Assert.Equal((0, "NothingDue", "no lead is due; 1 in the hopper, 0 calls are open"), Of(Decide(new(1, 1, 2, 1), due: 0)));
    }

    [Theory]
    [InlineData(0, "OutsideWindow", "no calling hour in any of the leads' time zones", 2, 0, null)]
    [InlineData(4, "Hopper", "4 now: 0 of 4 in the hopper for 2 agents", 0, 0, null)]   // zones are not counted: no lead is open
    [InlineData(0, "ProviderDown", "it is down; not before 06:30:09 UTC", 1, 1, 9)]
    [InlineData(4, "Hopper", "4 now: 0 of 4 in the hopper for 2 agents", 1, 1, 0)]      // it is up again
    public void Nothing_is_offered_outside_the_hours_or_while_the_provider_is_down(
        int offers, string code, string reason, int zones, int open, int? downFor) =>
        Assert.Equal((offers, code, reason), Of(PacingCore.Decide(Snapshots.Calm with
        {
            Mode = "progressive",
            LeadsDue = 9,
            Zones = zones,
            OpenZones = open,
            BlockedUntil = downFor is { } seconds ? Now.AddSeconds(seconds) : null,
            BlockedCode = PauseReasons.ProviderDown,
            BlockedReason = "it is down",
            Hopper = new(2, 2, 2, 0),
        })));

    [Fact]
    public void A_throttled_account_holds_no_offers_back_because_lines_that_are_open_need_no_requests() =>
        Assert.Equal(4, PacingCore.Decide(Snapshots.Calm with
        {
            Mode = "progressive",
            LeadsDue = 9,
            AccountTokens = 0,
            BlockedUntil = Now.AddSeconds(9),
            BlockedCode = "Throttled",
            BlockedReason = "429",
            Hopper = new(2, 2, 2, 0),
        }).Calls);

    [Fact]
    public void The_accounts_tokens_and_its_concurrency_do_not_bound_offers() =>
        Assert.Equal(4, PacingCore.Decide(Snapshots.Calm with
        {
            Mode = CampaignModes.Preview,
            LeadsDue = 9,
            AccountOpen = 100,
            AccountTokens = 0,
            Hopper = new(2, 2, 2, 0),
        }).Calls);

    private static (int, string, string) Of(PacingDecision d) => (d.Calls, d.Code, d.Reason);
}
