using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Hopper;

/// <summary>Draws the next lead for an agent.</summary>
public sealed class HopperPop(RouterDbContext db, TimeProvider clock)
{
    /// <summary>
    /// The next lead that this agent may dial right now, locked, or null. The last look (campaign running, within the time to dial,
    /// not suppressed, skill) is part of the one statement; a lead that another line is drawing is stepped over, so that no two get it.
    /// </summary>
    /// <param name="mode">One of <see cref="CampaignModes"/>.</param>
    public Task<HopperLead?> Next(Session session, string mode, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return db.Hopper.FromSql(
            $"""
            select h.* from hopper h join campaigns c on c.id = h.campaign_id
            where h.state = 'Waiting' and h.campaign_id = any({session.Campaigns}) and h.dial_until > {now}
              and (h.agent_id is null or h.agent_id = {session.AgentId})
              and c.state = 'Running' and c.mode = {mode} and c.account = {session.Account} and (c.skill is null or c.skill = any({session.Skills}))
              and not exists (select from suppressions s where s.number = h.number and not s.lifted and s.scope in ('all', c.purpose))
            order by h.agent_id is not null desc, h.priority desc, h.due_at, h.attempt_id
            limit 1 for update of h skip locked
            """).SingleOrDefaultAsync(cancel);
    }

    /// <summary>Whether an accepted lead may still be dialed: the same look as at the pop.</summary>
    public Task<bool> MayDial(HopperLead lead, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return db.Campaigns.AnyAsync(c => c.Id == lead.CampaignId && c.State == CampaignStates.Running && lead.DialUntil > now
            && !db.Suppressions.Any(s => s.Number == lead.Number && !s.Lifted && (s.Scope == "all" || s.Scope == c.Purpose)), cancel);
    }

    /// <summary>How many leads of the campaign wait, counted no further than the limit.</summary>
    public Task<int> Left(Guid campaignId, int limit, CancellationToken cancel) =>
        db.Hopper.Where(h => h.CampaignId == campaignId && h.State == HopperStates.Waiting)
            .OrderByDescending(h => h.Priority).ThenBy(h => h.DueAt).ThenBy(h => h.AttemptId).Take(limit).CountAsync(cancel);   // as the index has them
}
