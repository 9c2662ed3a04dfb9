using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Leads;

/// <summary>Leads that wait are changed and taken back; one that is being dialed is neither.</summary>
public sealed class LeadChangeTests
{
    private static readonly object Progressive = new { name = "agents", purpose = "service", dnd = "consented", mode = "progressive" };

    private static Task<HttpResponseMessage> Patch(PacerNode node, Guid lead, object change) =>
        node.Http.PatchAsJsonAsync($"/api/v1/leads/{lead}", change);

    private static Task<HttpResponseMessage> Withdraw(PacerNode node, Guid lead, string? reason = null) =>
        node.Http.PostAsJsonAsync($"/api/v1/leads/{lead}/withdraw", new { reason });

    private static Task<Lead> TheLead(PacerNode node) => node.Ask(db => db.Leads.AsNoTracking().SingleAsync());

    private static async Task<List<TrailView>> Trail(PacerNode node, Guid lead) =>
        (await node.Http.GetFromJsonAsync<List<TrailView>>($"/api/v1/leads/{lead}/trail"))!;

    [Fact]
    public async Task What_is_changed_of_a_lead_that_waits_holds_from_the_next_look_and_its_trail_says_who_changed_what()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.Http.PostAsJsonAsync($"/api/v1/campaigns/{campaign}/leads", new { phone = Nodes.Campaigns.NumberOf(1), attributes = new { plan = "A", old = 1 } });
        var lead = (await TheLead(node)).Id;

        var attributes = new Dictionary<string, object?> { ["plan"] = "B", ["old"] = null };
        var answer = await Patch(node, lead, new { priority = 9, externalId = "C-1", attributes });
        var later = await Patch(node, lead, new { dueAt = PacerNode.Noon.AddHours(2) });
        var same = await Patch(node, lead, new { priority = 9, attributes = new { plan = "B" } });
        await node.Started(campaign);
        await node.Clock.TurnTo(PacerNode.Noon.AddHours(1));
        Assert.Empty(node.Provider.Originated);
        var now = await Patch(node, lead, new { dueAt = (DateTimeOffset?)null });
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 1), "it is dialed now");

        Assert.All(new[] { answer, later, same, now }, each => Assert.Equal(HttpStatusCode.OK, each.StatusCode));
        var changed = (await answer.Content.ReadFromJsonAsync<LeadView>())!;
        Assert.Equal((9, "C-1", """{"plan": "B"}"""), (changed.Priority, changed.ExternalId, (await TheLead(node)).Attributes));
        var texts = (await Trail(node, lead)).Where(entry => entry.Kind == "changed")
            .Select(entry => entry.Text[..entry.Text.IndexOf("; by ", StringComparison.Ordinal)]);
        Assert.Equal(["Priority 0 → 9; External id set; Attributes changed: old, plan", "Not before 2026-01-14 08:30:00Z", "Due now"], texts);
    }

    [Fact]
    public async Task A_change_that_is_wrong_or_comes_too_late_changes_nothing()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        var lead = (await TheLead(node)).Id;

        var wrong = await Patch(node, lead, new { priority = 9, fone = "x", dueAt = "soon" });
        await node.Started(campaign);
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Dialing"), "it is being dialed");
        var open = await Patch(node, lead, new { priority = 9 });
        var withdrawn = await Withdraw(node, lead);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 1), "it is dialed");
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "it is reached");
        var final = await Patch(node, lead, new { priority = 9 });

        Assert.Equal(
            (HttpStatusCode.BadRequest, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict),
            (wrong.StatusCode, open.StatusCode, withdrawn.StatusCode, final.StatusCode));
        Assert.Contains("\"field\":\"fone\"", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("has an open attempt (BeingDialed)", await open.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("The lead is being dialed", await withdrawn.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("The lead is Completed", await final.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Patch(node, Guid.NewGuid(), new { priority = 9 })).StatusCode);
        Assert.Equal(0, (await TheLead(node)).Priority);
    }

    [Fact]
    public async Task A_lead_that_waits_for_its_redial_is_not_moved_before_it()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 1), "it is dialed");
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Busy, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.Reason == "RedialDelay"), "it waits for its redial");
        var lead = await TheLead(node);

        var earlier = await Patch(node, lead.Id, new { dueAt = lead.DueAt.AddSeconds(-1) });
        var later = await Patch(node, lead.Id, new { dueAt = lead.DueAt.AddMinutes(1) });

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (earlier.StatusCode, later.StatusCode));
        Assert.Contains("(RedialDelay): expected a later instant", await earlier.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((lead.DueAt.AddMinutes(1), "NotBefore"), await TheLead(node) is var moved ? (moved.DueAt, moved.Reason) : default);
    }

    [Fact]
    public async Task A_lead_that_waits_is_taken_back_at_once_and_its_campaign_completes_without_it()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.Http.PostAsJsonAsync($"/api/v1/campaigns/{campaign}/leads", new { phone = Nodes.Campaigns.NumberOf(1), dueAt = PacerNode.Noon.AddHours(3) });
        await node.Started(campaign);
        var lead = (await TheLead(node)).Id;

        var answer = await Withdraw(node, lead, " paid by mail ");
        var again = await Withdraw(node, lead, "paid by mail");
        var asItIs = await Withdraw(node, lead);
        var other = await Withdraw(node, lead, "paid");
        await node.Until(
            db => db.Campaigns.AnyAsync(c => c.CorrelationId == campaign && c.State == CampaignStates.Completed), "the campaign completes",
            TimeSpan.FromSeconds(5));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (answer.StatusCode, again.StatusCode, asItIs.StatusCode));
        Assert.Matches("^Withdrawn by .+: paid by mail$", (await asItIs.Content.ReadFromJsonAsync<LeadView>())!.ReasonText);
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Contains(": paid by mail", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var end = await TheLead(node);
        Assert.Equal(("Canceled", "Withdrawn"), (end.State, end.Reason));
        Assert.True(end.FinishedAt < PacerNode.Noon.AddHours(1));
        Assert.Matches("^Withdrawn by .+: paid by mail$", end.ReasonText);
        Assert.Matches("^Canceled: Withdrawn by .+: paid by mail$", Assert.Single(await Trail(node, lead), entry => entry.Kind == "final").Text);
        Assert.Empty(node.Provider.Originated);
    }

    [Theory]
    [InlineData(null, "Canceled", "Withdrawn")]
    [InlineData(Outcomes.Busy, "Canceled", "Withdrawn")]
    [InlineData(Outcomes.Completed, "Completed", "Completed")]
    public async Task A_lead_in_the_hopper_is_asked_back_and_dialed_at_most_once_where_that_comes_too_late(
        string? outcome, string state, string reason)
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Progressive);
        await node.WithLeads(campaign, 1);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Router.Offered.Count == 1), "it is offered");
        var offered = node.Router.Offered.Single();

        var answer = await Withdraw(node, offered.LeadId, "paid");
        await Eventually.Async(() => node.Router.All<ReturnLeads>().Any(asked => asked.AttemptIds!.Single() == offered.AttemptId));
        if (outcome is null)
        {
            await node.Publish(node.Router.Returns(offered, campaign, "withdrawn"));
        }
        else
        {
            await node.Publish(node.Router.Dials(offered, campaign, agent));
            await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "it was dialed meanwhile");
            await node.Publish(offered.Ended(outcome, node.Clock.GetUtcNow()));
        }
        await node.Until(db => db.Leads.AnyAsync(l => l.State == state), $"it is {state}");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal((state, reason, 1), await TheLead(node) is var lead ? (lead.State, lead.Reason, lead.Attempts) : default);
        Assert.Single(await Trail(node, offered.LeadId), entry => entry.Kind == "withdrawn");
    }
}
