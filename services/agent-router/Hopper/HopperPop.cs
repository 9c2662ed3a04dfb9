using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Hopper;

/// <summary>Draws the next lead for an agent.</summary>
internal sealed class HopperPop(RouterDbContext db, TimeProvider clock)
{
    /// <summary>
    /// The next lead that this agent may dial right now, locked, or null. The last look (campaign running, within the time to dial, not suppressed,
    /// skill) is part of the one statement; a lead that another line is drawing is stepped over, so that no two get it.
    /// </summary>
    /// <param name="mode">One of <see cref="CampaignModes"/>.</param>
    public Task<HopperLead?> Next(Session session, string mode, CancellationToken cancel) =>
        db.Hopper.NextFor(session, mode, clock.GetUtcNow()).SingleOrDefaultAsync(cancel);

    /// <summary>Whether an accepted lead may still be dialed: the same look as at the pop.</summary>
    public Task<bool> MayDial(HopperLead lead, CancellationToken cancel) => db.Campaigns.ThatMayDial(lead, clock.GetUtcNow()).AnyAsync(cancel);

    /// <summary>Why it may not, in words.</summary>
    public async Task<string> WhyNotDial(HopperLead lead, CancellationToken cancel)
    {
        var campaign = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == lead.CampaignId, cancel);
        return campaign is null ? "its campaign is not known any more"
            : !campaign.IsRunning ? $"its campaign is {campaign.State}"
            : lead.DialUntil <= clock.GetUtcNow() ? $"the time in which it was to be dialed ended at {lead.DialUntil:u}"
            : await db.Suppressions.Against(lead.Number, campaign.Purpose).AnyAsync(cancel) ? "the person asked not to be called"
            : "it may not be dialed any more";
    }

    /// <summary>How many leads of the campaign wait, counted no further than the limit.</summary>
    public Task<int> Left(Guid campaignId, int limit, CancellationToken cancel) =>
        db.Hopper.Where(h => h.CampaignId == campaignId && h.State == HopperStates.Waiting)
            // as the index has them
            .OrderByDescending(h => h.Priority).ThenBy(h => h.DueAt).ThenBy(h => h.AttemptId).Take(limit).CountAsync(cancel);
}
