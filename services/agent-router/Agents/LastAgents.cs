using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;

namespace Outdial.AgentRouter.Agents;

/// <summary>Keeps who was last with a person, so that one who calls in is led there first. Inside the transaction of what it tells.</summary>
internal sealed class LastAgents(RouterDbContext db, TimeProvider clock)
{
    /// <summary>This agent was given the person, or talked to him, for a lead.</summary>
    /// <param name="number">E.164.</param>
    public Task Dialed(string number, Guid agentId, Guid campaignId, Guid attemptId, Guid leadId, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
        $"""
        insert into last_agents (number, agent_id, campaign_id, attempt_id, lead_id, at)
        values ({number}, {agentId}, {campaignId}, {attemptId}, {leadId}, {clock.GetUtcNow()})
        on conflict (number) do update set agent_id = excluded.agent_id, campaign_id = excluded.campaign_id, attempt_id = excluded.attempt_id,
          lead_id = excluded.lead_id, at = excluded.at
        """, cancel);

    /// <summary>This agent talked to a person who called in: the one to whom he is led next, if we ever called him.</summary>
    public Task Talked(string number, Guid agentId, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update last_agents set agent_id = {agentId}, at = {clock.GetUtcNow()} where number = {number}", cancel);

    /// <summary>Who was last with this person; null: nobody that is known.</summary>
    public Task<Guid?> Find(string number, CancellationToken cancel) =>
        db.LastAgents.Where(l => l.Number == number).Select(l => (Guid?)l.AgentId).SingleOrDefaultAsync(cancel);
}
