using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Pulse;

public sealed class QueueExcessTests
{
    private static readonly object Marks = new { ratio = 2, dropLimit = 1, queueHigh = 4, queueLow = 1, queueDwell = "00:00:05" };

    /// <summary>Six calls for three agents, who then go on a break while all six answer.</summary>
    private static async Task<(Guid Campaign, FakeProviders.Placed[] Calls)> Crowded(PacerNode node)
    {
        var (campaign, calls) = await node.PowerCalls(6, agents: 3, Marks, leads: 40);
        await node.Agents(campaign, AgentStates.Paused, 2);
        foreach (var call in calls)
            await node.Heard(call.Answered(node.Clock.GetUtcNow()), CallStates.Answered);
        return (campaign, calls);
    }

    private static Task State(PacerNode node, string state) =>
        Eventually.Async(() => node.Ask(db => db.Campaigns.AnyAsync(c => c.State == state)), what: $"the campaign is {state}");

    [Fact]
    public async Task The_next_pulse_pauses_and_orders_no_call()
    {
        await using var node = await PacerNode.Start();
        var (campaign, _) = await Crowded(node);
        var before = await node.Ask(db => db.Decisions.MaxAsync(d => d.Id));

        await node.Clock.Turn(TimeSpan.FromSeconds(1));   // one pulse
        await State(node, CampaignStates.Paused);

        var decision = await node.Ask(db => db.Decisions.AsNoTracking().OrderBy(d => d.Id).FirstAsync(d => d.Id > before));
        Assert.Equal((0, "QueueExcess"), (decision.Calls, decision.Code));
        Assert.Equal(PauseReasons.QueueExcess, await node.Ask(db => db.Campaigns.Select(c => c.PauseReason).SingleAsync()));
        Assert.Equal(6, node.Provider.Originated.Count);
        Assert.False(await node.Ask(db => db.Attempts.AnyAsync(a => a.DecisionId >= decision.Id)));
    }

    [Fact]
    public async Task It_goes_on_only_when_few_enough_have_waited_for_long_enough()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await Crowded(node);
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        await State(node, CampaignStates.Paused);

        await node.Agents(campaign, AgentStates.Ready, 3);
        foreach (var call in calls.Take(4))   // two still wait: one too many
            await node.Heard(call.Talked(node.Clock.GetUtcNow()), CallStates.Ended);
        await node.Passes(TimeSpan.FromSeconds(30));
        Assert.Equal(CampaignStates.Paused, await node.Ask(db => db.Campaigns.Select(c => c.State).SingleAsync()));
        Assert.Null(await node.Ask(db => db.Pulses.Select(p => p.QueueLowSince).SingleAsync()));

        await node.Heard(calls[4].Talked(node.Clock.GetUtcNow()), CallStates.Ended);
        var lowFrom = node.Clock.GetUtcNow();
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Running), "it resumes");

        Assert.True(await node.Ask(db => db.Trail.Where(t => t.Kind == "resumed").Select(t => t.At).SingleAsync()) >= lowFrom.AddSeconds(5));
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count > 6), "and dials again");
    }

    [Fact]
    public async Task With_nobody_to_take_them_an_empty_queue_is_no_reason_to_go_on()
    {
        await using var node = await PacerNode.Start();
        var (_, calls) = await Crowded(node);
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        await State(node, CampaignStates.Paused);

        foreach (var call in calls)
            await node.Heard(call.Ended(Outcomes.Abandoned, node.Clock.GetUtcNow()), CallStates.Ended);
        await node.Passes(TimeSpan.FromMinutes(1));

        Assert.Equal(CampaignStates.Paused, await node.Ask(db => db.Campaigns.Select(c => c.State).SingleAsync()));
    }

    [Fact]
    public async Task A_person_who_pauses_over_it_ends_it_alone()
    {
        await using var node = await PacerNode.Start(settings: PacerNode.AgentsStay);
        var (campaign, calls) = await Crowded(node);
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        await State(node, CampaignStates.Paused);

        (await node.Verb(campaign, "pause", new { explanation = "a bad list" })).EnsureSuccessStatusCode();
        await node.Agents(campaign, AgentStates.Ready, 3);
        foreach (var call in calls)
            await node.Heard(call.Talked(node.Clock.GetUtcNow()), CallStates.Ended);
        await node.Passes(TimeSpan.FromMinutes(1));

        Assert.Equal((CampaignStates.Paused, PauseReasons.Person), await node.Ask(async db =>
            await db.Campaigns.Select(c => new { c.State, c.PauseReason }).SingleAsync() is var c ? (c.State, c.PauseReason!) : default));
        (await node.Verb(campaign, "resume")).EnsureSuccessStatusCode();
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count > 6), "it dials again");
    }

    [Fact]
    public async Task A_resume_that_comes_late_does_not_end_a_later_pause()
    {
        await using var node = await PacerNode.Start();
        var (campaign, _) = await Crowded(node);
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        await State(node, CampaignStates.Paused);

        await node.Publish(new ResumeCampaign { CampaignId = campaign, Reason = PauseReasons.QueueExcess, PausedAt = PacerNode.Noon, By = "platform" });
        var answer = await node.Verb(campaign, "start");   // answered after it: one queue, one locked row

        Assert.Equal(System.Net.HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(CampaignStates.Paused, await node.Ask(db => db.Campaigns.Select(c => c.State).SingleAsync()));
    }
}
