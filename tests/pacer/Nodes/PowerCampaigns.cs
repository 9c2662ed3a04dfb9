using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Nodes;

/// <summary>Campaigns that dial the customer first, and what a provider says of their calls.</summary>
internal static class PowerCampaigns
{
    /// <summary>A power campaign with leads, not started. The drop guard is off unless the test sets a limit.</summary>
    public static async Task<Guid> APowerCampaign(this PacerNode node, int leads, object? agents = null)
    {
        var campaign = await node.ACampaign(new
        {
            name = "power",
            purpose = "service",
            dnd = "consented",
            mode = "power",
            agents = agents ?? new { ratio = 2, dropLimit = 1 },
        });
        await node.WithLeads(campaign, leads);
        return campaign;
    }

    /// <summary>A running power campaign that has placed so many calls.</summary>
    public static async Task<(Guid Campaign, FakeProviders.Placed[] Calls)> PowerCalls(
        this PacerNode node, int calls, int agents, object? rules = null, int? leads = null)
    {
        var campaign = await node.APowerCampaign(leads ?? calls, rules);
        await node.WithAgents(campaign, agents, AgentReach.Phone);
        await node.Started(campaign);
        await node.Until(async db => await db.Attempts.CountAsync(a => a.State == CallStates.Submitted) == calls, $"{calls} calls are placed");
        return (campaign, [.. node.Provider.Originated.OrderBy(p => p.Request.To, StringComparer.Ordinal)]);
    }

    /// <summary>The agents of a campaign pass into another state, and the pacer has heard of it.</summary>
    public static async Task Agents(this PacerNode node, Guid campaign, string state, long sequence)
    {
        var agents = await node.Ask(db => db.AgentSessions.AsNoTracking().ToListAsync());
        foreach (var agent in agents)
            await node.Publish(node.Router.SignsIn(agent.AgentId, campaign, sequence, state, AgentReach.Phone));
        await Eventually.Async(() => node.Ask(db => db.AgentSessions.AllAsync(s => s.State == state)), what: $"the agents are {state}");
    }

    public static CallAnswered Answered(this FakeProviders.Placed call, DateTimeOffset at) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = call.Request.AttemptId,
        Account = "default",
        ProviderCallId = call.ProviderCallId,
        OccurredAt = at,
        ReceivedAt = at,
    };

    public static CallQueued Queued(this FakeProviders.Placed call, DateTimeOffset at) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = call.Request.AttemptId,
        Account = "default",
        ProviderCallId = call.ProviderCallId,
        OccurredAt = at,
        ReceivedAt = at,
    };

    public static CallDequeued Dequeued(this FakeProviders.Placed call, DateTimeOffset at) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = call.Request.AttemptId,
        Account = "default",
        ProviderCallId = call.ProviderCallId,
        OccurredAt = at,
        ReceivedAt = at,
    };

    public static CallConnected Connected(this FakeProviders.Placed call, DateTimeOffset at, Guid? agent = null) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = call.Request.AttemptId,
        Account = "default",
        ProviderCallId = call.ProviderCallId,
        OccurredAt = at,
        ReceivedAt = at,
        AgentId = agent,
    };

    /// <summary>Over after a conversation.</summary>
    public static CallTerminated Talked(this FakeProviders.Placed call, DateTimeOffset at) =>
        call.Ended(Outcomes.Completed, at) with { TalkTime = TimeSpan.FromSeconds(20) };

    /// <summary>An agent declined: said to be over, and nobody knows whether the lead still waits.</summary>
    public static CallTerminated Declined(this FakeProviders.Placed call, DateTimeOffset at) =>
        call.Ended(Outcomes.Abandoned, at) with { Provisional = true, RawStatus = "terminated" };

    /// <summary>Publishes an event and waits, with the clock standing, until the call's row tells of it.</summary>
    public static async Task Heard(this PacerNode node, ICallEvent said, string state)
    {
        await node.Publish((object)said, Guid.NewGuid());
        await Eventually.Async(() => node.Ask(db => db.Attempts.AnyAsync(a => a.CorrelationId == said.AttemptId && a.State == state)), what: $"the call is {state}");
    }

    /// <summary>Turns the clock on by so much, with a pulse each five seconds or more.</summary>
    public static Task Passes(this PacerNode node, TimeSpan time)
    {
        var until = node.Clock.GetUtcNow() + time;
        return node.Until(_ => Task.FromResult(node.Clock.GetUtcNow() >= until), $"{time} pass", time / 6);
    }
}
