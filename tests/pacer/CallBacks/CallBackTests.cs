using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.CallBacks;

/// <summary>What agents say of conversations, and the calls that are promised in them.</summary>
public sealed class CallBackTests
{
    private static readonly object OneTry = new { name = "agents", purpose = "service", dnd = "consented", mode = "progressive", maxAttempts = 1 };

    private sealed record Run(PacerNode Node, Guid Campaign, Guid Agent, OfferedLead Lead) : IAsyncDisposable
    {
        public LeadDispositioned Says(string? code, string? note = null, DateTimeOffset? callBackAt = null, bool personal = false) => new()
        {
            EventId = Guid.NewGuid(),
            AttemptId = Lead.AttemptId,
            CampaignId = Campaign,
            LeadId = Lead.LeadId,
            AgentId = Agent,
            Code = code,
            Note = note,
            CallBackAt = callBackAt?.ToOffset(TimeSpan.FromMinutes(330)),
            CallBackAgentId = personal ? Agent : null,
            OccurredAt = Node.Clock.GetUtcNow(),
        };

        public Task<Lead> Stored() => Node.Ask(db => db.Leads.AsNoTracking().SingleAsync(l => l.Id == Lead.LeadId));

        public Task Until(Func<bool> condition, string what, TimeSpan? step = null) =>
            Node.Until(_ => Task.FromResult(condition()), what, step ?? TimeSpan.FromSeconds(15));

        public ValueTask DisposeAsync() => Node.DisposeAsync();
    }

    /// <summary>Two leads with one try each; the first is being dialed by the only agent.</summary>
    private static async Task<Run> ALeadIsDialed()
    {
        var node = await PacerNode.Start(settings: PacerNode.AgentsStay);
        var campaign = await node.ACampaign(OneTry);
        await node.WithLeads(campaign, 2);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Router.Offered.Count == 2), "both are offered");
        var lead = node.Router.Offered[0];
        await node.Publish(node.Router.Dials(lead, campaign, agent));
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "it is dialed");
        return new(node, campaign, agent, lead);
    }

    [Fact]
    public async Task A_lead_that_was_taken_back_is_owed_no_call_back()
    {
        await using var run = await ALeadIsDialed();
        await run.Node.Ask(db => db.Leads.Where(l => l.Id == run.Lead.LeadId)
            .ExecuteUpdateAsync(l => l.SetProperty(x => x.Withdrawal, "Withdrawn by asha: paid.")));

        await run.Node.Publish(run.Says("later", "after lunch", run.Node.Clock.GetUtcNow().AddMinutes(20)));
        await Eventually.Async(async () => (await run.Stored()).Disposition == "later");
        await run.Node.Publish(run.Lead.Ended(Outcomes.NoAnswer, run.Node.Clock.GetUtcNow()));
        await Eventually.Async(async () => (await run.Stored()).FinishedAt is not null);

        Assert.Null((await run.Stored()).CallBackAt);
        var trail = await run.Node.Http.GetFromJsonAsync<List<TrailView>>($"/api/v1/leads/{run.Lead.LeadId}/trail");
        Assert.EndsWith("It is not kept: Withdrawn by asha: paid.", Assert.Single(trail!, entry => entry.Kind == "call-back-lost").Text, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_call_back_is_dialed_on_time_although_the_tries_are_used_up(bool promisedBeforeTheEnd)
    {
        await using var run = await ALeadIsDialed();
        var at = run.Node.Clock.GetUtcNow().AddMinutes(20);
        var promise = run.Says("later", "after lunch", at);
        if (promisedBeforeTheEnd)
        {
            await run.Node.Publish(promise);
            await Eventually.Async(async () => (await run.Stored()).CallBackAt is not null);
        }

        await run.Node.Publish(run.Lead.Ended(Outcomes.Completed, run.Node.Clock.GetUtcNow()));
        await Eventually.Async(async () => (await run.Stored()).LastOutcome == Outcomes.Completed);
        if (!promisedBeforeTheEnd)
        {
            Assert.Equal(LeadStates.Completed, (await run.Stored()).State);
            await run.Node.Publish(promise);
        }

        await Eventually.Async(async () => await run.Stored() is { State: LeadStates.Waiting, Reason: LeadReasons.CallBack } l && l.DueAt == at);
        await run.Node.Clock.TurnTo(at.AddSeconds(-1));
        await run.Until(
            () => run.Node.Router.Offered.Any(l => l.LeadId == run.Lead.LeadId && l.AttemptId != run.Lead.AttemptId), "it is offered again", TimeSpan.FromSeconds(1));

        var again = run.Node.Router.Offered.Single(l => l.LeadId == run.Lead.LeadId && l.AttemptId != run.Lead.AttemptId);
        var offered = await run.Node.Ask(db => db.Attempts.Where(a => a.CorrelationId == again.AttemptId).Select(a => a.OfferedAt).SingleAsync());
        Assert.True(offered >= at, $"offered at {offered:u}, promised for {at:u}");
        Assert.Equal(again, run.Node.Router.Offered[0]);   // before all others
        Assert.Equal(("after lunch", null), (again.CallBackNote, again.AgentId));
        var earlier = Assert.Single(again.Earlier);
        Assert.Equal((Outcomes.Completed, "later", "after lunch", run.Agent), (earlier.Outcome, earlier.Disposition, earlier.Note, earlier.AgentId));

        await run.Node.Publish(run.Node.Router.Dials(again, run.Campaign, run.Agent));
        await run.Node.Publish(again.Ended(Outcomes.NoAnswer, run.Node.Clock.GetUtcNow()));
        await Eventually.Async(async () => await run.Stored() is { State: LeadStates.Exhausted, CallBackAt: null });   // kept, whatever came of it
    }

    [Fact]
    public async Task A_personal_call_back_is_its_agents_and_after_a_while_anyones()
    {
        await using var run = await ALeadIsDialed();
        var at = run.Node.Clock.GetUtcNow().AddMinutes(10);
        await run.Node.Publish(run.Says("later", null, at, personal: true));
        await run.Node.Publish(run.Lead.Ended(Outcomes.Completed, run.Node.Clock.GetUtcNow()));
        await Eventually.Async(async () => (await run.Stored()).Reason == LeadReasons.CallBack);
        await run.Node.Publish(run.Node.Router.SignsIn(run.Agent, run.Campaign, 9, AgentStates.Ended));

        var other = Guid.NewGuid();
        Func<bool> isOffered = () => run.Node.Router.Offered.Any(l => l.LeadId == run.Lead.LeadId && l.AttemptId != run.Lead.AttemptId);
        await run.Node.Publish(run.Node.Router.SignsIn(other, run.Campaign));
        await run.Node.Until(async _ => (await run.Stored()).Reason == LeadReasons.AwaitingAgent, "it waits for its agent", TimeSpan.FromSeconds(15));
        Assert.False(isOffered());
        await run.Until(isOffered, "anyone may have it");

        Assert.Null(run.Node.Router.Offered.Single(l => l.LeadId == run.Lead.LeadId && l.AttemptId != run.Lead.AttemptId).AgentId);
        Assert.True(run.Node.Clock.GetUtcNow() >= at.AddMinutes(30));
    }

    [Fact]
    public async Task A_personal_call_back_is_offered_to_its_agent_who_is_at_work()
    {
        await using var run = await ALeadIsDialed();
        await run.Node.Publish(run.Says("later", null, run.Node.Clock.GetUtcNow().AddMinutes(1), personal: true));
        await run.Node.Publish(run.Lead.Ended(Outcomes.Completed, run.Node.Clock.GetUtcNow()));

        await run.Until(() => run.Node.Router.Offered.Any(l => l.AgentId == run.Agent), "it is offered to its agent");

        Assert.Equal(run.Lead.LeadId, run.Node.Router.Offered.Single(l => l.AgentId == run.Agent).LeadId);
    }

    [Fact]
    public async Task A_disposition_is_kept_with_the_lead_and_its_attempt_and_told_in_the_trail()
    {
        await using var run = await ALeadIsDialed();

        await run.Node.Publish(run.Says("interested", "wants a quote"));
        await run.Node.Publish(run.Lead.Ended(Outcomes.Completed, run.Node.Clock.GetUtcNow()));
        await Eventually.Async(async () => await run.Stored() is { State: LeadStates.Completed, Disposition: "interested", Note: "wants a quote" });

        var trail = await run.Node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{run.Lead.LeadId}/trail");
        var kinds = trail.EnumerateArray().Select(t => t.GetProperty("kind").GetString()).ToHashSet();
        Assert.All(new[] { "offered", "dialed", "disposition", "ended", "final" }, kind => Assert.Contains(kind, kinds));
        Assert.Equal(
            "interested", await run.Node.Ask(db => db.Attempts.Where(a => a.CorrelationId == run.Lead.AttemptId).Select(a => a.Disposition).SingleAsync()));
    }
}
