using System.Text;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Hopper;

/// <summary>Leads are offered to the agents' hopper, dialed or returned by the router's word, and never by the clock.</summary>
public sealed class HopperTests
{
    private static readonly object Progressive = new { name = "agents", purpose = "service", dnd = "consented", mode = "progressive" };

    private static Task Offers(PacerNode node, int count) =>
        node.Until(_ => Task.FromResult(node.Router.Offered.Count >= count), $"{count} leads are offered");

    private static Task<string> Lead(PacerNode node, Guid id, Func<Pacer.Leads.Lead, string> of) =>
        node.Ask(async db => of(await db.Leads.AsNoTracking().SingleAsync(l => l.Id == id)));

    [Fact]
    public async Task Leads_are_offered_by_priority_as_many_as_the_agents_need_and_nobody_is_called()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Progressive);
        var csv = "phone,priority,name\n+919825010001,1,Asha\n+919825010002,9,Bina\n+919825010003,5,Charu\n+919825010004,8,Devi\n+919825010005,0,Esha\n";
        (await node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", new StringContent(csv, Encoding.UTF8, "text/csv"))).EnsureSuccessStatusCode();
        await node.WithAgents(campaign, 2);

        await node.Started(campaign);
        await Offers(node, 4);
        await node.Until(db => db.Decisions.AnyAsync(d => d.Code == "HopperFull"), "the hopper is full");

        Assert.Equal(["Bina", "Devi", "Charu", "Asha"], node.Router.Offered.Select(l => l.Attributes["name"]));
        Assert.All(node.Router.Offered, l => Assert.Equal(("+918040000002", node.Clock.GetUtcNow() < l.DialUntil), (l.CallerId, true)));
        Assert.Empty(node.Provider.Originated);
        Assert.Empty(node.Router.All<AttemptStarted>());
        Assert.Equal(4, await node.Ask(db => db.Attempts.CountAsync(a => a.State == CallStates.Offered)));
        var decisions = await node.Ask(db => db.Decisions.AsNoTracking().ToListAsync());
        Assert.All(decisions, d => Assert.Equal(new PacingDecision(d.Calls, d.Code, d.Reason), PacingCore.Decide(d.Snapshot)));
    }

    [Fact]
    public async Task A_dialed_lead_is_a_call_from_then_on_and_its_events_move_it_to_its_end()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Progressive);
        await node.WithLeads(campaign, 2);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        await Offers(node, 2);
        await node.Clock.Turn(TimeSpan.FromSeconds(30));
        var dialedAt = node.Clock.GetUtcNow();

        foreach (var lead in node.Router.Offered)   // both over one line, as one call of the provider
        {
            await node.Publish(node.Router.Dials(lead, campaign, agent));
            await node.Until(db => db.Attempts.AnyAsync(a => a.CorrelationId == lead.AttemptId && a.State == CallStates.Submitted), "it is dialed");
            await node.Heard(lead.Answered(node.Clock.GetUtcNow()), CallStates.Answered);
            await node.Publish(lead.Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
            await node.Until(db => db.Leads.AnyAsync(l => l.Id == lead.LeadId && l.State == "Completed"), "it is reached");
        }

        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes", TimeSpan.FromSeconds(5));
        await Eventually.Async(() => node.Router.All<AttemptEnded>().Count == 2 && node.Router.All<AttemptStarted>().Count == 2);
        Assert.All(node.Router.All<AttemptStarted>(), s => Assert.Equal(("progressive", true), (s.Mode, s.OccurredAt >= dialedAt)));
        Assert.All(node.Router.All<AttemptEnded>(), e => Assert.Equal(
            ("progressive", agent, null, true, "human", true), (e.Mode, e.AgentId, e.ProviderCallId, e.Dialed, e.AnsweredBy, e.StartedAt >= dialedAt)));
        Assert.Equal(2, await node.Ask(db => db.Attempts.CountAsync(a => a.ProviderCallId == $"line-{agent}")));
    }

    [Fact]
    public async Task A_returned_lead_is_not_lost_and_neither_a_try_nor_a_redial_nor_a_call()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new
        {
            name = "agents",
            purpose = "service",
            dnd = "consented",
            mode = "progressive",
            redial = new Dictionary<string, object> { ["Canceled"] = new { after = "00:01:00", times = 1 } },
        });
        await node.WithLeads(campaign, 1);
        await node.WithAgents(campaign, 1);
        await node.Started(campaign);

        for (var time = 1; time <= 4; time++)
        {
            await Offers(node, time);
            var last = node.Router.Offered.Single(l => l.AttemptNumber == time);
            Assert.Equal("InHopper", await Lead(node, last.LeadId, l => l.Reason));
            await node.Publish(node.Router.Returns(last, campaign));
            await node.Publish(node.Router.Returns(last, campaign));   // told twice
        }

        await Offers(node, 5);
        var lead = await node.Ask(db => db.Leads.AsNoTracking().SingleAsync());
        Assert.Equal((0, null, "Dialing"), (lead.Tries, lead.LastOutcome, lead.State));
        Assert.Equal(4, await node.Ask(db => db.Attempts.CountAsync(a => a.Outcome == Outcomes.Canceled && !a.Dialed && !a.CountsAsTry)));
        Assert.Empty(node.Router.All<AttemptStarted>());
        Assert.Empty(node.Router.All<AttemptEnded>());
        Assert.Empty(node.Router.Offered.SelectMany(l => l.Earlier));
    }

    [Fact]
    public async Task Of_dialed_and_returned_only_the_first_word_counts()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Progressive);
        await node.WithLeads(campaign, 2);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        await Offers(node, 2);
        var (first, second) = (node.Router.Offered[0], node.Router.Offered[1]);

        await node.Publish(node.Router.Dials(first, campaign, agent));
        await node.Publish(node.Router.Returns(second, campaign));
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "the second is back");
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the first is dialed");
        await node.Publish(node.Router.Returns(first, campaign));
        await node.Publish(node.Router.Dials(second, campaign, agent));
        await node.Publish(first.Ended(Outcomes.Busy, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.LastOutcome == Outcomes.Busy), "the first ends");

        var attempts = await node.Ask(db => db.Attempts.AsNoTracking().ToDictionaryAsync(a => a.CorrelationId));
        Assert.Equal((true, Outcomes.Busy), (attempts[first.AttemptId].Dialed, attempts[first.AttemptId].Outcome));
        Assert.Equal((false, Outcomes.Canceled, null),
            (attempts[second.AttemptId].Dialed, attempts[second.AttemptId].Outcome, attempts[second.AttemptId].SessionId));
        Assert.Single(node.Router.All<AttemptStarted>());
    }

    [Fact]
    public async Task A_lead_that_an_agent_skipped_comes_again_behind_the_others_with_the_reason()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "p", purpose = "service", dnd = "consented", mode = "preview", agents = new { hopperPerAgent = 1 } });
        await node.WithLeads(campaign, 2);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        await Offers(node, 1);
        var skipped = node.Router.Offered.Single();

        await node.Publish(node.Router.Returns(skipped, campaign, "not at this hour", agent));
        await Offers(node, 2);

        Assert.NotEqual(skipped.LeadId, node.Router.Offered.Single(l => l.AttemptId != skipped.AttemptId).LeadId);
        Assert.Equal("Skipped", await Lead(node, skipped.LeadId, l => l.Reason));
        Assert.Contains("not at this hour", await Lead(node, skipped.LeadId, l => l.ReasonText!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offered_lead_is_asked_back_at_its_deadline_and_never_taken_back_by_time_alone()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:MaxLookUps"] = "3" });
        var campaign = await node.ACampaign(Progressive);
        await node.WithLeads(campaign, 1);
        await node.WithAgents(campaign, 1);
        await node.Started(campaign);
        await Offers(node, 1);
        var lead = node.Router.Offered.Single();

        await node.Until(_ => Task.FromResult(node.Router.All<ReturnLeads>().Count >= 6), "it is asked back again and again", TimeSpan.FromSeconds(10));

        Assert.All(node.Router.All<ReturnLeads>(), r => Assert.Equal(lead.AttemptId, Assert.Single(r.AttemptIds!)));
        Assert.Equal(CallStates.Offered, await node.Ask(db => db.Attempts.Select(a => a.State).SingleAsync()));
        Assert.StartsWith("Held by the router since", await Lead(node, lead.LeadId, l => l.ReasonText!), StringComparison.Ordinal);
        Assert.True(node.Clock.GetUtcNow() > lead.DialUntil);
    }

    [Fact]
    public async Task A_dialed_lead_of_which_nothing_is_heard_is_asked_for_and_ends_unknown_only_when_the_router_is_silent()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:MaxLookUps"] = "3" });
        var campaign = await node.ACampaign(Progressive);
        await node.WithLeads(campaign, 1);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        await Offers(node, 1);
        var lead = node.Router.Offered.Single();
        await node.Publish(node.Router.Dials(lead, campaign, agent));
        for (var asked = 1; asked <= 5; asked++)   // more often than it would take to give up
        {
            await node.Until(_ => Task.FromResult(node.Router.All<ReturnLeads>().Count >= asked), "the router is asked", TimeSpan.FromSeconds(10));
            await node.Publish(node.Router.Dials(lead, campaign, agent));
            await Eventually.Async(() => node.Ask(db => db.Attempts.AnyAsync(a => a.LookUps == 0)));
        }

        Assert.Equal(CallStates.Submitted, await node.Ask(db => db.Attempts.Select(a => a.State).SingleAsync()));
        await node.Until(db => db.Attempts.AnyAsync(a => a.Outcome == Outcomes.Unknown && a.Dialed), "it is given up", TimeSpan.FromSeconds(10));
        Assert.Single(node.Router.All<AttemptStarted>());
    }

    [Fact]
    public async Task A_person_who_is_offered_in_one_campaign_is_held_in_another()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Progressive);
        await node.WithLeads(campaign, 1);
        await node.WithAgents(campaign, 1);
        await node.Started(campaign);
        await Offers(node, 1);
        var other = await node.ACampaign(new { name = "other", purpose = "service", dnd = "consented" });
        await node.WithLeads(other, 1);

        await node.Started(other);
        await node.Until(db => db.Leads.AnyAsync(l => l.CampaignId == other && l.Reason == "PersonBusy"), "the person is busy");

        Assert.Empty(node.Provider.Originated);
    }

    [Fact]
    public async Task Laws_1_and_2_two_pacers_offer_each_lead_once_and_lose_none()
    {
        const int leads = 60;
        var database = await PacerNode.CreateDatabase();
        var clock = new TurnedClock(PacerNode.Noon);
        var (provider, router) = (new FakeProviders(clock), new FakeRouter(clock));
        await using var one = await PacerNode.Start(database, clock, provider, router: router);
        await using var other = await PacerNode.Start(database, clock, provider, router: router);
        Guid[] campaigns = [await one.ACampaign(Progressive), await one.ACampaign(Progressive)];
        foreach (var campaign in campaigns)   // the same people in both
            await one.WithLeads(campaign, leads);
        await one.WithAgents(campaigns[0], 15);
        await one.WithAgents(campaigns[1], 15);

        foreach (var campaign in campaigns)
            await one.Started(campaign);
        await one.Until(_ => Task.FromResult(router.Offered.Count == leads), "every person is offered once", TimeSpan.FromMilliseconds(500));

        Assert.Equal(leads, router.Offered.Select(l => l.Number).Distinct().Count());
        Assert.Equal(leads, await one.Ask(db => db.Attempts.CountAsync(a => a.State == CallStates.Offered)));
        Assert.Equal(2 * leads, await one.Ask(db => db.Leads.CountAsync(l => l.State == "Waiting" || l.State == "Dialing")));
    }

    [Fact]
    public async Task A_stopped_campaigns_leads_are_canceled_as_they_come_back()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Progressive);
        await node.WithLeads(campaign, 5);
        await node.WithAgents(campaign, 1);
        await node.Started(campaign);
        await Offers(node, 2);

        (await node.Verb(campaign, "stop")).EnsureSuccessStatusCode();
        await node.Until(async db => await db.Leads.CountAsync(l => l.State == "Canceled") == 3, "those who wait are canceled");
        foreach (var lead in node.Router.Offered)
            await node.Publish(node.Router.Returns(lead, campaign, "the campaign was stopped"));
        await node.Until(async db => await db.Leads.CountAsync(l => l.State == "Canceled") == 5, "those who were offered too");

        Assert.Empty(node.Router.All<AttemptEnded>());
    }

    [Fact]
    public async Task Without_agents_nothing_is_offered_and_the_first_to_sign_in_gets_leads_at_once()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Progressive);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Pulses.AnyAsync(p => p.LastCode == "NoAgents"), "the pulse finds nobody");
        Assert.Empty(node.Router.Offered);

        await node.WithAgents(campaign, 1);
        var now = node.Clock.GetUtcNow();
        Assert.True(await node.Ask(db => db.Pulses.AnyAsync(p => p.NextAt <= now || p.LastCode != "NoAgents")), "the pulse is due at once, or was");
        await Offers(node, 1);
    }
}
