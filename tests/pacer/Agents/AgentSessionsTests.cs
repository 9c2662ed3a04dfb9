using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Agents;

public sealed class AgentSessionsTests
{
    private static Task<AgentCounts> Count(PacerNode node, Guid campaign) => node.Ask(_ => node.Services.CreateScope().ServiceProvider
        .GetRequiredService<AgentSessions>().Count(campaign, AgentReach.Line, null, node.Clock.GetUtcNow(), CancellationToken.None));

    private static AgentsPresent Present(PacerNode node, params PresentAgent[] sessions) =>
        new() { EventId = Guid.NewGuid(), Sessions = sessions, OccurredAt = node.Clock.GetUtcNow() };

    [Fact]
    public async Task Of_two_words_about_a_session_the_one_with_the_higher_number_counts()
    {
        await using var node = await PacerNode.Start();
        var (campaign, agent) = (Guid.NewGuid(), Guid.NewGuid());

        await node.Publish(node.Router.SignsIn(agent, campaign, 5, AgentStates.Paused));
        await Eventually.Async(async () => (await Count(node, campaign)).Paused == 1);
        await node.Publish(node.Router.SignsIn(agent, campaign, 4));
        await node.Publish(node.Router.SignsIn(Guid.NewGuid(), campaign, 1));
        await Eventually.Async(async () => (await Count(node, campaign)).SignedIn == 2);

        Assert.Equal(new AgentCounts(2, 1, 0, 1), await Count(node, campaign));
    }

    [Fact]
    public async Task Who_talks_to_a_person_in_the_providers_queue_is_learned_from_the_agents_state_and_what_the_provider_said_stands()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(2, agents: 2);
        var (agent, other) = (Guid.NewGuid(), Guid.NewGuid());
        await node.Publish(calls[1].Connected(node.Clock.GetUtcNow(), other));
        await node.Until(db => db.Attempts.AnyAsync(a => a.AgentId == other), "the provider names an agent", TimeSpan.Zero);

        foreach (var call in calls)
        {
            await node.Publish(node.Router.SignsIn(agent, campaign, 7, AgentStates.OnCall, AgentReach.Phone) with
            {
                SessionId = Guid.NewGuid(),
                AttemptId = call.Request.AttemptId,
            });
        }

        await node.Until(db => db.Attempts.AnyAsync(a => a.AgentId == agent), "the state names one", TimeSpan.Zero);
        await node.Until(db => db.AgentSessions.CountAsync(s => s.AgentId == agent).ContinueWith(n => n.Result == 2), "both were heard", TimeSpan.Zero);
        var named = await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/calls?agent={agent}");
        Assert.Equal(calls[0].Request.AttemptId, Assert.Single(named.EnumerateArray()).GetProperty("attemptId").GetGuid());
    }

    [Fact]
    public async Task An_agent_who_has_just_not_picked_up_is_neither_free_nor_at_work()
    {
        await using var node = await PacerNode.Start();
        var campaign = Guid.NewGuid();
        await node.Publish(node.Router.SignsIn(Guid.NewGuid(), campaign, 1));
        await node.Publish(node.Router.SignsIn(Guid.NewGuid(), campaign, 1, AgentStates.Resting));

        await Eventually.Async(async () => (await Count(node, campaign)).SignedIn == 2);

        Assert.Equal(new AgentCounts(2, 1, 0, 1), await Count(node, campaign));
        Assert.Equal(1, await node.Ask(_ => node.Services.CreateScope().ServiceProvider
            .GetRequiredService<AgentSessions>().Share(campaign, null, node.Clock.GetUtcNow(), CancellationToken.None)));
    }

    [Fact]
    public async Task A_session_that_is_not_told_any_more_is_over_and_a_late_word_does_not_bring_it_back()
    {
        await using var node = await PacerNode.Start();
        var campaign = Guid.NewGuid();
        var agents = await node.WithAgents(campaign, 2);
        await node.Clock.Turn(TimeSpan.FromSeconds(10));

        await node.Publish(Present(node, new PresentAgent(agents[0], agents[0], 3, AgentStates.OnCall, AgentReach.Line, [campaign])));
        await Eventually.Async(async () => await Count(node, campaign) == new AgentCounts(1, 0, 1, 0));
        await node.Publish(node.Router.SignsIn(agents[1], campaign, 0));
        await node.Publish(node.Router.SignsIn(agents[0], campaign, 4));
        await Eventually.Async(async () => (await Count(node, campaign)).Ready == 1);

        Assert.Equal(1, (await Count(node, campaign)).SignedIn);
    }

    [Fact]
    public async Task An_agent_who_is_not_heard_of_is_not_counted_on()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:AgentSilence"] = "00:01:00" });
        var campaign = Guid.NewGuid();
        await node.WithAgents(campaign, 3);
        Assert.Equal(3, (await Count(node, campaign)).AtWork);

        await node.Clock.Turn(TimeSpan.FromSeconds(61));

        Assert.Equal(0, (await Count(node, campaign)).AtWork);
    }

    [Fact]
    public async Task Agents_without_the_skill_are_not_counted_on_and_those_of_several_running_campaigns_are_in_part()
    {
        await using var node = await PacerNode.Start();
        object rules = new { name = "agents", purpose = "service", dnd = "consented", mode = "progressive", agents = new { skill = "hindi" } };
        var (one, two) = (await node.ACampaign(rules), await node.ACampaign(rules));
        await node.WithLeads(one, ["+919825010001"]);
        await node.WithLeads(two, ["+919825010002"]);
        await node.Started(one);
        await node.Started(two);
        var (able, unable) = (Guid.NewGuid(), Guid.NewGuid());
        await node.Publish(node.Router.SignsIn(able, one) with { Campaigns = [one, two], Skills = ["hindi", "loans"] });
        await node.Publish(node.Router.SignsIn(unable, one) with { Campaigns = [one, two], Skills = ["tamil"] });
        await Eventually.Async(() => node.Ask(async db => await db.AgentSessions.CountAsync() == 2));
        var sessions = node.Services.CreateScope().ServiceProvider.GetRequiredService<AgentSessions>();
        var now = node.Clock.GetUtcNow();

        Assert.Equal(1, (await sessions.Count(one, AgentReach.Line, "hindi", now, CancellationToken.None)).AtWork);
        Assert.Equal([able], await sessions.AtWork(one, AgentReach.Line, "hindi", now, CancellationToken.None));
        Assert.Equal(0.5, await sessions.Share(one, "hindi", now, CancellationToken.None));
    }
}
