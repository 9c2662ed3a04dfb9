using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Nodes;

/// <summary>
/// The agents' router as far as the pacer can tell: it hears what is published, keeps the offered leads, and says what the test
/// has it say. Shared by all nodes of a test.
/// </summary>
internal sealed class FakeRouter(TurnedClock clock)
{
    public ConcurrentQueue<object> Heard { get; } = new();

    /// <summary>All that was offered, in the order of the hopper: by priority, then by when they were due, then by attempt.</summary>
    public List<OfferedLead> Offered =>
    [
        .. All<HopperFilled>().SelectMany(h => h.Leads).DistinctBy(l => l.AttemptId)
            .OrderByDescending(l => l.Priority).ThenBy(l => l.DueAt).ThenBy(l => l.AttemptId),
    ];

    public IReadOnlyList<T> All<T>() => [.. Heard.OfType<T>()];

    public AgentStateChanged SignsIn(
        Guid agent, Guid campaign, long sequence = 1, string state = AgentStates.Ready, string reach = AgentReach.Line) => new()
        {
            EventId = Guid.CreateVersion7(),
            SessionId = agent,   // one session each is enough for these tests
            AgentId = agent,
            AgentName = "an agent",
            Sequence = sequence,
            State = state,
            Reach = reach,
            Campaigns = [campaign],
            OccurredAt = clock.GetUtcNow(),
        };

    public LeadDialed Dials(OfferedLead lead, Guid campaign, Guid agent) => new()
    {
        EventId = Guid.CreateVersion7(),
        AttemptId = lead.AttemptId,
        CampaignId = campaign,
        LeadId = lead.LeadId,
        Account = "default",
        AgentId = agent,
        SessionId = agent,
        ProviderCallId = $"line-{agent}",
        OccurredAt = clock.GetUtcNow(),
    };

    public LeadReturned Returns(OfferedLead lead, Guid campaign, string reason = "the router shuts down", Guid? skippedBy = null) => new()
    {
        EventId = Guid.CreateVersion7(),
        AttemptId = lead.AttemptId,
        CampaignId = campaign,
        LeadId = lead.LeadId,
        Reason = reason,
        SkippedBy = skippedBy,
        OccurredAt = clock.GetUtcNow(),
    };
}

internal sealed class Hears<T>(FakeRouter router) : IConsumer<T>
    where T : class
{
    public Task Consume(ConsumeContext<T> context)
    {
        router.Heard.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}

internal static class FakeRouterExtensions
{
    public static void AddFakeRouter(this IHostApplicationBuilder builder, FakeRouter router)
    {
        builder.Services.AddSingleton(router);
        builder.AddMessaging(bus =>
        {
            Hear<HopperFilled>();
            Hear<ReturnLeads>();
            Hear<AgentCampaignChanged>();
            Hear<CampaignStarted>();
            Hear<NumberSuppressed>();
            Hear<AttemptStarted>();
            Hear<AttemptEnded>();
            Hear<AgentLineOpened>();
            Hear<AgentLineFailed>();
            Hear<CustomerCallPlaced>();
            Hear<EnrichNumbers>();

            void Hear<T>() where T : class => bus.AddConsumer<Hears<T>>().Endpoint(e => e.Name = $"test-router-{typeof(T).Name}");
        });
    }

    public static CallAnswered Answered(this OfferedLead lead, DateTimeOffset at) => new()
    {
        EventId = Guid.CreateVersion7(),
        AttemptId = lead.AttemptId,
        Account = "default",
        OccurredAt = at,
        ReceivedAt = at,
        AnsweredBy = "human",
    };

    public static CallTerminated Ended(this OfferedLead lead, string outcome, DateTimeOffset at) => new()
    {
        EventId = Guid.CreateVersion7(),
        AttemptId = lead.AttemptId,
        Account = "default",
        OccurredAt = at,
        ReceivedAt = at,
        Outcome = outcome,
    };

    /// <summary>Agents sign in, ready to take leads, and the pacer has heard of it.</summary>
    public static async Task<Guid[]> WithAgents(this PacerNode node, Guid campaign, int count, string reach = AgentReach.Line)
    {
        var agents = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var agent in agents)
            await node.Publish(node.Router.SignsIn(agent, campaign, reach: reach));
        await Eventually.Async(
            () => node.Ask(db => Task.FromResult(agents.All(a => db.AgentSessions.Any(s => s.AgentId == a)))), what: "the pacer knows the agents");
        return agents;
    }
}
