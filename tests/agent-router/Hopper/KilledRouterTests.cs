using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Hopper;

public sealed class KilledRouterTests
{
    [Fact]
    public async Task Law_1_a_lead_drawn_by_a_router_that_died_before_it_answered_is_dialed_once_because_the_line_asks_again()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (first, second) = (node.ALead(1, 2), node.ALead(2, 1));
        await node.Offered(campaign, first, second);
        var line = await node.ALine(campaign);
        Assert.Equal(first.Number, await line.Ask());   // committed; the answer is never read

        await using var other = await RouterNode.Start(node.Database, node.Clock);
        await node.Clock.Turn(TimeSpan.FromSeconds(3));

        Assert.Equal(first.Number, await line.At(other).Ask());
        Assert.Equal((HopperStates.Taken, HopperStates.Waiting), ((await node.Row(first)).State, (await node.Row(second)).State));
    }

    [Fact]
    public async Task A_lead_drawn_by_a_router_that_died_and_whose_line_never_asks_again_is_settled_and_not_given_to_another()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        await (await node.ALine(campaign)).Ask();

        await using var other = await RouterNode.Start(node.Database, node.Clock);
        await node.Publish(new ReturnLeads { CampaignId = campaign, AttemptIds = [lead.AttemptId], Reason = "are you there?" });
        await Eventually.Async(() => node.Heard.Of<LeadDialed>().Select(d => d.EventId).Distinct().Count() == 2, what: "the pacer is told again that it was dialed");
        await other.Until(db => db.Hopper.AnyAsync(h => h.State == HopperStates.Over), "the lead is settled", TimeSpan.FromSeconds(10));

        Assert.Equal(Outcomes.Unknown, (await node.Row(lead)).Outcome);
        Assert.Null(await (await node.ALine(campaign, 2)).At(other).Ask());
        Assert.Empty(node.Heard.Of<LeadReturned>());
    }

    [Fact]
    public async Task A_lead_that_was_asked_back_before_the_offer_came_is_never_dialed()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Publish(new ReturnLeads { CampaignId = campaign, AttemptIds = [lead.AttemptId], Reason = "no answer in time" });
        await node.Hears<LeadReturned>(r => r.AttemptId == lead.AttemptId, "an unknown attempt is answered too");

        await node.Offered(campaign, lead);

        Assert.Null(await (await node.ALine(campaign)).Ask());
        await node.Hears<LeadReturned>(r => r.AttemptId == lead.AttemptId && r.LeadId == lead.LeadId, "the late offer is given back");
    }

    [Fact]
    public async Task The_last_router_that_stops_gives_the_waiting_leads_back_and_no_earlier_one_does()
    {
        var node = await RouterNode.Start();
        var other = await RouterNode.Start(node.Database, node.Clock);
        await node.Soon(async db => (await db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from instances").SingleAsync()) == 2, "both routers live");
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);

        await other.DisposeAsync();
        Assert.Equal(HopperStates.Waiting, (await node.Row(lead)).State);
        var database = node.Database;
        await node.DisposeAsync();

        await using var later = await RouterNode.Start(database, new TurnedClock(RouterNode.Noon.AddMinutes(1)));
        var row = await later.Row(lead);
        Assert.Equal((HopperStates.Returned, "the router shut down"), (row.State, row.ReturnedReason));
    }
}
