using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Calls.Lines;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Upkeep;

/// <summary>
/// Does what falls due, one row and one transaction at a time; several routers sweep side by side and step over each other's rows.
/// </summary>
internal sealed class Sweeps(
    RouterDbContext db, SessionChanges sessions, HopperIntake hopper, HopperPop pop, LineEvidence evidence, InboundChanges inbound,
    AgentScreen screen, TimeProvider clock)
{
    /// <summary>A session past a deadline, or whose line went silent. False: there was none.</summary>
    public Task<bool> Deadline(CancellationToken cancel) => Session(
        now => db.Sessions.Overdue(now),
        session => sessions.Due(session, cancel), cancel);

    /// <summary>A session all of whose campaigns are over: no lead is left, the line is let go. False: there was none.</summary>
    public Task<bool> NothingLeft(CancellationToken cancel) => Session(
        _ => db.Sessions.WithNothingLeft(),
        session => sessions.End(session, "no lead left", cancel), cancel);

    /// <summary>Shows the next lead to a free agent of a preview campaign. False: nobody is free, or nothing is left.</summary>
    public Task<bool> Preview(CancellationToken cancel) => Session(
        now => db.Sessions.WithLeadToShow(now),
        session => Show(session, cancel), cancel);

    /// <summary>
    /// Calls an agent again whose flow cannot keep a line waiting, now that there is somebody to dial for whom no other is being called
    /// already. False: there was none.
    /// </summary>
    public Task<bool> Reopen(CancellationToken cancel) => Session(
        now => db.Sessions.WithLineToOpen(now),
        session => sessions.OpenLine(session, "called again", cancel), cancel);

    /// <summary>Settles a lead that was waited for long enough. False: there was none.</summary>
    public async Task<bool> Settle(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var lead = await db.Hopper.ToSettle(now).SingleOrDefaultAsync(cancel);
        if (lead is null)
            return false;
        await evidence.Settle(lead, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Ends the call that came in and of which nothing was heard in time, by what is known of it. False: there was none.</summary>
    public async Task<bool> EndInbound(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var call = await db.InboundCalls.Overdue(now).SingleOrDefaultAsync(cancel);
        if (call is null)
            return false;
        await inbound.End(call, "nothing was heard of it", now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Gives back what waited too long. False: there was nothing.</summary>
    public async Task<bool> Expire(CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var count = await hopper.Expire(cancel);
        await transaction.CommitAsync(cancel);
        return count > 0;
    }

    private async Task Show(Session session, CancellationToken cancel)
    {
        if (await pop.Next(session, CampaignModes.Preview, cancel) is not { } lead)
            return;
        var now = clock.GetUtcNow();
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.Id == lead.CampaignId, cancel);
        (lead.State, lead.SessionId, lead.ShownAt, lead.AcceptedAt) = (HopperStates.Shown, session.Id, now, null);
        (session.AttemptId, session.CampaignId) = (lead.AttemptId, lead.CampaignId);
        var until = now + campaign.PreviewTime < lead.DialUntil ? now + campaign.PreviewTime : lead.DialUntil;
        await sessions.Enter(session, AgentStates.Previewing, null, until, cancel);
        await screen.Show(session.AgentId, AgentEventKinds.Lead, LeadScreen.Of(lead.CampaignId, campaign, lead.Offered(), decide: true), cancel);
    }

    private async Task<bool> Session(Func<DateTimeOffset, IQueryable<Session>> find, Func<Session, Task> then, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await find(clock.GetUtcNow()).SingleOrDefaultAsync(cancel) is not { } session)
            return false;
        var before = (session.Sequence, session.LineSilentAt);
        await then(session);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return before != (session.Sequence, session.LineSilentAt);   // another router drew the lead first: at the next turn
    }
}
