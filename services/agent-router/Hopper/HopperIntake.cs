using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Upkeep;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Hopper;

/// <summary>Takes leads in and gives them back. Each offered attempt is answered once as dialed or as returned; its row decides.</summary>
internal sealed class HopperIntake(
    RouterDbContext db, IOutbox<RouterDbContext> outbox, LeadChanges leads, SessionChanges sessions, RouterInstance instance, TimeProvider clock)
{
    private const int ReturnedAtOnce = 200;

    /// <summary>Takes offered leads in, or gives them back at once with the reason. A lead that is known already stays as it is.</summary>
    public async Task Fill(HopperFilled offered, CancellationToken cancel)
    {
        var campaign = await db.Campaigns.Shared(offered.CampaignId).AsNoTracking().SingleOrDefaultAsync(cancel);
        var refusal = campaign is null ? "the router does not know the campaign yet"
            : !campaign.IsRunning ? $"the campaign is {campaign.State}"
            : instance.IsDraining ? "the router is shutting down"
            : null;
        foreach (var lead in offered.Leads)
            await Take(offered.CampaignId, campaign?.Purpose, lead, refusal, cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Gives back all leads of the campaign that nobody dials: those that wait and those that are only shown.</summary>
    public async Task ReturnAll(Guid campaignId, string reason, CancellationToken cancel)
    {
        await ReturnShown(await db.Hopper.AsNoTracking().Where(h => h.CampaignId == campaignId && h.State == HopperStates.Shown)
            .ToListAsync(cancel), reason, cancel);
        await Tell(await db.Hopper.ReturnWaiting(campaignId, reason, clock.GetUtcNow()).AsNoTracking().ToListAsync(cancel), cancel);
    }

    /// <summary>Gives back those that nobody dials, and says of the others what became of them.</summary>
    public async Task Return(ReturnLeads asked, CancellationToken cancel)
    {
        if (asked.AttemptIds is not { } ids)
        {
            await ReturnAll(asked.CampaignId, asked.Reason, cancel);
            return;
        }
        await ReturnShown(await db.Hopper.AsNoTracking().Where(h => ids.Contains(h.AttemptId) && h.State == HopperStates.Shown)
            .ToListAsync(cancel), asked.Reason, cancel);
        foreach (var id in ids.Distinct().Order())
            await ReturnOne(asked, id, cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Keeps the word on a suppression, and gives back whom it is about.</summary>
    public async Task Suppress(NumberSuppressed told, CancellationToken cancel)
    {
        await db.KeepSuppression(told, cancel);
        if (told.Lifted)
            return;
        var reason = $"the person is not to be called ({told.Scope})";
        var shown = await db.Hopper.AsNoTracking().Where(h => h.Number == told.Number && h.State == HopperStates.Shown
            && (told.Scope == "all" || db.Campaigns.Any(c => c.Id == h.CampaignId && c.Purpose == told.Scope))).ToListAsync(cancel);
        await ReturnShown(shown, reason, cancel);
        await Tell(await db.Hopper.ReturnWaitingOf(told.Number, told.Scope, reason, clock.GetUtcNow()).AsNoTracking().ToListAsync(cancel), cancel);
    }

    /// <summary>Gives back what waited too long. Returns how many.</summary>
    public async Task<int> Expire(CancellationToken cancel)
    {
        var expired = await db.Hopper.ReturnExpired("no agent dialed it in time", clock.GetUtcNow(), ReturnedAtOnce).AsNoTracking().ToListAsync(cancel);
        await Tell(expired, cancel);
        return expired.Count;
    }

    /// <summary>Gives back everything that waits, of all campaigns. Returns how many.</summary>
    public async Task<int> ReturnEverything(string reason, CancellationToken cancel)
    {
        var returned = await db.Hopper.ReturnWaiting(null, reason, clock.GetUtcNow()).AsNoTracking().ToListAsync(cancel);
        await Tell(returned, cancel);
        return returned.Count;
    }

    private async Task Take(Guid campaignId, string? purpose, OfferedLead lead, string? refusal, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        refusal ??= lead.DialUntil <= now ? "its time to be dialed was over when it came" : null;
        if (refusal is null && await db.Suppressions.Against(lead.Number, purpose).AnyAsync(cancel))
            refusal = "the person is not to be called";
        var state = refusal is null ? HopperStates.Waiting : HopperStates.Returned;
        await db.AddToHopper(campaignId, lead, state, refusal, now, cancel);
        // Refused just now, or given back before it came: the pacer is told, the second time too.
        var row = await db.Hopper.AsNoTracking().SingleAsync(h => h.AttemptId == lead.AttemptId, cancel);
        if (row.State == HopperStates.Returned)
            await outbox.Publish(LeadChanges.ReturnedOf(row, now) with { LeadId = lead.LeadId, CampaignId = campaignId }, cancel);
    }

    private async Task ReturnOne(ReturnLeads asked, Guid attemptId, CancellationToken cancel)
    {
        var returned = await db.Hopper.ReturnOrBar(attemptId, asked.CampaignId, asked.Reason, clock.GetUtcNow()).AsNoTracking().ToListAsync(cancel);
        if (returned.Count > 0)
            await Tell(returned, cancel);
        else if (await db.Hopper.AsNoTracking().SingleAsync(h => h.AttemptId == attemptId, cancel) is { State: not HopperStates.Shown } known)
            await leads.TellAgain(known, cancel);
    }

    private async Task ReturnShown(List<HopperLead> shown, string reason, CancellationToken cancel)
    {
        foreach (var row in shown.OrderBy(h => h.SessionId))
        {
            var session = await sessions.Lock(row.SessionId!.Value, cancel);
            if (await leads.Lock(row.AttemptId, cancel) is not { State: HopperStates.Shown } lead)
                continue;
            await leads.Return(lead, reason, null, cancel);
            if (session is { IsOpen: true } && session.AttemptId == lead.AttemptId)
                await sessions.LeadTakenBack(session, reason, cancel);
        }
        await db.SaveChangesAsync(cancel);
    }

    private async Task Tell(List<HopperLead> returned, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        foreach (var lead in returned)
            await outbox.Publish(LeadChanges.ReturnedOf(lead, now), cancel);
        await db.SaveChangesAsync(cancel);
    }
}
