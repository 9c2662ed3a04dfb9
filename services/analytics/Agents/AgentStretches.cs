using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Analytics.Data;
using Outdial.Contracts;

namespace Outdial.Analytics.Agents;

/// <summary>
/// Keeps one row per state of an agent's session. The rows are the same whatever the order of the events and however often
/// each comes: the session's number decides which is which, and an end is never stored, it is where the next row begins.
/// </summary>
internal sealed class AgentStretches(AnalyticsDbContext db)
{
    public Task RecordAsync(AgentStateChanged changed, CancellationToken cancel)
    {
        var at = changed.OccurredAt.ToUniversalTime();
        DateTimeOffset? endedAt = changed.State == AgentStates.Ended ? at : null;
        Guid[] campaigns = [.. changed.Campaigns];
        string[]? skills = changed.Skills is { } told ? [.. told] : null;
        return db.Database.ExecuteSqlAsync($"""
            with session as (
              insert into agent_sessions as session (session_id, agent_id, first_at, ended_at)
              values ({changed.SessionId}, {changed.AgentId}, {at}, {endedAt})
              on conflict (session_id) do update set
                first_at = least(session.first_at, excluded.first_at),
                ended_at = least(session.ended_at, excluded.ended_at))
            insert into agent_stretches (
              session_id, sequence, agent_id, agent_name, state, reason, reach, campaign_id, campaigns, skills, attempt_id, from_at)
            values (
              {changed.SessionId}, {changed.Sequence}, {changed.AgentId}, {changed.AgentName}, {changed.State}, {changed.Reason},
              {changed.Reach}, {changed.CampaignId}, {campaigns}, {skills}, {changed.AttemptId}, {at})
            on conflict (session_id, sequence) do nothing
            """, cancel);
    }
}

/// <summary>Safe to repeat and to reorder: the rows decide, so no inbox is needed.</summary>
internal sealed class AgentStretchesConsumer(AgentStretches stretches) : IConsumer<AgentStateChanged>
{
    public Task Consume(ConsumeContext<AgentStateChanged> context) => stretches.RecordAsync(context.Message, context.CancellationToken);
}

internal sealed class AgentStretchesConsumerDefinition : ConsumerDefinition<AgentStretchesConsumer>
{
    public AgentStretchesConsumerDefinition()
    {
        EndpointName = "analytics-agents";
        ConcurrentMessageLimit = 8;
    }
}
