using MassTransit;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.Pulse;
using Outdial.Platform;

namespace Outdial.Pacer.Agents;

/// <summary>Follows an agent's session, and has its campaigns look for leads as soon as the agent can take one.</summary>
internal sealed class AgentStateChangedConsumer(PacerDbContext db, AgentSessions sessions, TimeProvider clock) : IConsumer<AgentStateChanged>
{
    public async Task Consume(ConsumeContext<AgentStateChanged> context)
    {
        var told = context.Message;
        await sessions.Keep(
            told.SessionId, told.AgentId, told.AgentName, told.Sequence, told.State, told.Reach, told.Campaigns, told.Skills, told.OccurredAt,
            context.CancellationToken);
        // Of a call over the agent's line its own events tell who talked; a provider's queue may not.
        if (told is { State: AgentStates.OnCall, Reach: AgentReach.Phone, AttemptId: { } attempt })
            await db.LearnAgent(attempt, told.AgentId, context.CancellationToken);
        if (told.State is AgentStates.CallingAgent or AgentStates.Ready)
            await db.LookAtAll([.. told.Campaigns], clock.GetUtcNow(), context.CancellationToken);
    }
}

/// <summary>Heals what was missed, and notices who is gone.</summary>
internal sealed class AgentsPresentConsumer(AgentSessions sessions) : IConsumer<AgentsPresent>
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(1);

    public async Task Consume(ConsumeContext<AgentsPresent> context)
    {
        var told = context.Message;
        foreach (var s in told.Sessions.OrderBy(s => s.SessionId))
            await sessions.Keep(s.SessionId, s.AgentId, null, s.Sequence, s.State, s.Reach, s.Campaigns, s.Skills, told.OccurredAt,
                context.CancellationToken);
        await sessions.EndOthers([.. told.Sessions.Select(s => s.SessionId)], told.OccurredAt, ForgetAfter, context.CancellationToken);
    }
}

internal sealed class AgentStateChangedConsumerDefinition() : OutboxConsumerDefinition<AgentStateChangedConsumer, PacerDbContext>("pacer-agent-state-changed");

internal sealed class AgentsPresentConsumerDefinition : OutboxConsumerDefinition<AgentsPresentConsumer, PacerDbContext>
{
    public AgentsPresentConsumerDefinition() : base("pacer-agents-present") => ConcurrentMessageLimit = 1;
}
