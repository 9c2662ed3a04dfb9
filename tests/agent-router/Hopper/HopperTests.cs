using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Hopper;

public sealed class HopperTests
{
    [Fact]
    public async Task A_campaign_that_pauses_gets_all_its_waiting_leads_back_and_keeps_the_one_that_is_dialed()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        OfferedLead[] leads = [node.ALead(1, 9), node.ALead(2), node.ALead(3)];
        await node.Offered(campaign, leads);
        await (await node.ALine(campaign)).Ask();

        await node.ACampaign(c => c with { State = CampaignStates.Paused }, campaign, version: 2);

        await node.Soon(db => db.Hopper.CountAsync(h => h.State == HopperStates.Returned).ContinueWith(t => t.Result == 2), "two leads went back");
        await Eventually.Async(() => node.Heard.Of<LeadReturned>().Count == 2);
        Assert.All(node.Heard.Of<LeadReturned>(), r => Assert.Equal("the campaign is Paused", r.Reason));
        Assert.Equal(HopperStates.Taken, (await node.Row(leads[0])).State);
    }

    [Fact]
    public async Task An_older_word_of_a_campaign_does_not_undo_a_newer_one()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { State = CampaignStates.Paused }, version: 5);

        await node.ACampaign(c => c with { State = CampaignStates.Running }, campaign, version: 5);
        await node.Publish(new AgentCampaignChanged
        {
            EventId = Guid.NewGuid(),
            CampaignId = campaign,
            Version = 4,
            Name = "old",
            Account = "default",
            Mode = "progressive",
            State = "Running",
            Purpose = "service",
            OccurredAt = node.Clock.GetUtcNow(),
        });
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);

        Assert.Equal((HopperStates.Returned, "the campaign is Paused"), ((await node.Row(lead)).State, (await node.Row(lead)).ReturnedReason));
    }

    [Fact]
    public async Task Leads_of_a_campaign_that_is_not_known_are_given_back_at_once()
    {
        await using var node = await RouterNode.Start();
        var lead = node.ALead(1);

        await node.Offered(Guid.NewGuid(), lead);

        var returned = await node.Hears<LeadReturned>(r => r.AttemptId == lead.AttemptId, "the lead goes back");
        Assert.Equal("the router does not know the campaign yet", returned.Reason);
    }

    [Fact]
    public async Task An_offer_that_comes_twice_puts_each_lead_in_once_and_dials_it_once()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (_, lead) = await node.ADialingLine(campaign);

        await node.Offered(campaign, lead);
        await node.Offered(campaign, node.ALead(2));   // behind the copy in the same queue

        Assert.Equal(HopperStates.Taken, (await node.Row(lead)).State);
        Assert.Empty(node.Heard.Of<LeadReturned>());
    }

    [Fact]
    public async Task Each_lead_that_is_asked_back_is_answered_by_what_became_of_it()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (over, dialed, waiting, unknown) = (node.ALead(1, 9), node.ALead(2, 8), node.ALead(3), Guid.NewGuid());
        await node.Offered(campaign, over, dialed, waiting);
        var line = await node.ALine(campaign);
        await line.Ask();
        await node.Clock.Turn(TimeSpan.FromSeconds(2));
        await node.Publish(line.Passthru(over.Number, Outcomes.Busy));
        await line.Until(AgentStates.Ready);
        await line.Ask();

        await node.Publish(new ReturnLeads
        {
            CampaignId = campaign,
            AttemptIds = [over.AttemptId, dialed.AttemptId, waiting.AttemptId, unknown],
            Reason = "past the deadline",
        });

        await node.Hears<LeadReturned>(r => r.AttemptId == waiting.AttemptId, "the waiting one goes back");
        await node.Hears<LeadReturned>(r => r.AttemptId == unknown, "the unknown one is answered");
        await Eventually.Async(() => node.Heard.Of<LeadDialed>().Count(d => d.AttemptId == dialed.AttemptId) == 2);
        await Eventually.Async(() => node.Heard.Of<CallTerminated>().Count(d => d.AttemptId == over.AttemptId && d.Outcome == Outcomes.Busy) == 2);
        Assert.Equal(2, node.Heard.Of<LeadReturned>().Count);
    }

    [Fact]
    public async Task A_lead_that_nobody_dialed_in_time_goes_back()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var lead = node.ALead(1) with { DialUntil = node.Clock.GetUtcNow().AddSeconds(20) };
        await node.Offered(campaign, lead);

        await node.Clock.Turn(TimeSpan.FromSeconds(21));

        Assert.Equal("no agent dialed it in time", (await node.Hears<LeadReturned>(r => r.AttemptId == lead.AttemptId, "the lead goes back")).Reason);
    }

    [Fact]
    public async Task A_person_who_is_suppressed_leaves_the_hopper_for_that_purpose_and_no_other()
    {
        await using var node = await RouterNode.Start();
        var service = await node.ACampaign();
        var promotion = await node.ACampaign(c => c with { Purpose = Purposes.Promotional });
        var (mine, other) = (node.ALead(1), node.ALead(1));
        await node.Offered(service, mine);
        await node.Offered(promotion, other);

        await node.Publish(new NumberSuppressed
        {
            EventId = Guid.NewGuid(),
            Number = mine.Number,
            Scope = Purposes.Promotional,
            OccurredAt = node.Clock.GetUtcNow(),
        });

        await node.Hears<LeadReturned>(r => r.AttemptId == other.AttemptId, "the suppressed one goes back");
        Assert.Equal(HopperStates.Waiting, (await node.Row(mine)).State);
        var late = node.ALead(1);
        await node.Offered(promotion, late);
        Assert.Equal("the person is not to be called", (await node.Row(late)).ReturnedReason);
    }

    [Fact]
    public async Task The_pacer_is_told_when_few_leads_are_left()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        await node.Offered(campaign, [.. Enumerable.Range(1, 4).Select(i => node.ALead(i))]);
        var line = await node.ALine(campaign);

        var number = await line.Ask();
        await node.Clock.Turn(TimeSpan.FromSeconds(2));
        await line.Ask(number);

        await node.Hears<HopperLow>(low => low.CampaignId == campaign && low.Left == 2, "two are left");
        Assert.DoesNotContain(node.Heard.Of<HopperLow>(), low => low.Left > 2);
    }

    [Fact]
    public async Task All_open_sessions_are_told_every_ten_seconds_by_one_router()
    {
        await using var node = await RouterNode.Start();
        await using var other = await RouterNode.Start(node.Database, node.Clock);
        var line = await node.ALine(await node.ACampaign());
        int Told() =>
            node.Heard.Of<AgentsPresent>().Concat(other.Heard.Of<AgentsPresent>()).Count(p => p.Sessions.Any(s => s.SessionId == line.SessionId));

        for (var i = 1; i <= 3; i++)
        {
            await node.Clock.Turn(TimeSpan.FromSeconds(10));
            await Eventually.Async(() => Told() >= i);
        }

        Assert.Equal(3, Told());
    }

    [Fact]
    public async Task A_supervisor_sees_the_hopper_in_the_order_of_dialing()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        await node.Offered(campaign, node.ALead(1), node.ALead(2, 5));

        var leads = JsonDocument.Parse(await node.Http.GetStringAsync($"/api/v1/campaigns/{campaign}/hopper/leads")).RootElement;

        Assert.Equal([Floor.NumberOf(2), Floor.NumberOf(1)], leads.EnumerateArray().Select(l => l.GetProperty("number").GetString()!));
    }
}
