using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls.Lines;

/// <summary>Answers an agent's line: with the same lead, the next, or nobody. One transaction; nothing of it waits for the broker.</summary>
internal sealed class LineAnswers(
    RouterDbContext db, IOutbox<RouterDbContext> outbox, SessionChanges sessions, LeadChanges leads, HopperPop hopper, AgentScreen screen,
    AccountSettings accounts, LastAgents lastAgents, Strangers strangers, IOptions<RouterOptions> options, TimeProvider clock)
{
    /// <summary>Whom this line dials; null: the call is no agent's line.</summary>
    public async Task<DialWhomAnswer?> Answer(DialWhomRequest request, CancellationToken cancel)
    {
        var (who, id) = await Find(request, cancel);
        switch (who)
        {
            case Asking.NoLine:
                return null;
            case Asking.Ended:
                return DialWhomAnswer.Nobody(request.WantsJson, "signed-out");
            case Asking.Awaited:
                return DialWhomAnswer.Awaited(request.WantsJson);
            case Asking.Stranger:
                await TellStranger(id, cancel);
                return DialWhomAnswer.Nobody(request.WantsJson, "stranger");
        }
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await LockLine(id, request, cancel) is not { } session)
            return null;

        var campaigns = await db.Campaigns.AsNoTracking().Where(c => session.Campaigns.Contains(c.Id) || c.Id == session.CampaignId)
            .ToListAsync(cancel);
        var answer = await Decide(session, campaigns, request, cancel)
            ?? DialWhomAnswer.Nobody(
                request.WantsJson || campaigns.Exists(c => c.AnswerForm != "text"),
                IsTooSoon(session) ? "too-soon" : session.State == AgentStates.Ready ? "empty" : "not-ready");
        Heard(session, request, answer.Numbers.Count > 0);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);   // its end is never in doubt for want of time
        return answer;
    }

    /// <summary>After nobody was dialed: true to wait and ask again, false to hang up; null: the call is no agent's line.</summary>
    public async Task<bool?> Stays(DialWhomRequest request, CancellationToken cancel)
    {
        var (who, id) = await Find(request, cancel);
        if (who != Asking.Line)
            return who == Asking.NoLine ? null : who == Asking.Awaited;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await LockLine(id, request, cancel) is not { } session)
            return null;
        Heard(session, request, dials: true);   // the flow does wait, whatever the settings say
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return session.IsOpen;
    }

    /// <summary>What the call that asks has to do with agents' lines.</summary>
    private enum Asking
    {
        NoLine,
        /// <summary>An open line, by the id that the provider told us of it, or by what we signed and gave along with our request for it.</summary>
        Line,
        /// <summary>Comes from the phone of a line whose call nobody has named yet: it may be that one. Only the provider's word tells.</summary>
        Awaited,
        /// <summary>Claims to be a line, by its phone or otherwise, whose call is known to be another.</summary>
        Stranger,
        /// <summary>A line that outlives its session: nobody is dialed over it, and it is no customer that calls in.</summary>
        Ended,
    }

    /// <summary>Of which line the call is. A phone number proves nothing: anyone can send it.</summary>
    private async Task<(Asking Who, Guid Session)> Find(DialWhomRequest request, CancellationToken cancel)
    {
        if (request.CallId.Length == 0)
            return (Asking.NoLine, default);
        var ours = db.Sessions.AsNoTracking().Where(s => s.Account == request.Account).OrderByDescending(s => s.StartedAt)
            .Select(s =>
                new { s.Id, IsOpen = s.State != AgentStates.Ended && s.LineId != null, s.LineId, s.LineCallId, s.Phone, s.State, s.EndedAt });
        // The provider's word may come between this look and the ones below, which then see the call named: the line is no stranger to itself.
        if (await ours.FirstOrDefaultAsync(s => s.LineCallId == request.CallId, cancel) is { } known)
            return (known.IsOpen ? Asking.Line : Asking.Ended, known.Id);
        if (request.EchoOf is { } line && await ours.FirstOrDefaultAsync(s => s.LineId == line, cancel) is { } echoed)
        {
            var isIts = echoed.LineCallId is null || echoed.LineCallId == request.CallId;
            return (!echoed.IsOpen ? Asking.Ended : isIts ? Asking.Line : Asking.Stranger, echoed.Id);
        }
        if (request.From is not { } phone)
            return (Asking.NoLine, default);
        if (await ours.FirstOrDefaultAsync(s => s.Phone == phone && s.State != AgentStates.Ended && s.LineId != null, cancel) is { } open)
            return (open.LineCallId is null ? Asking.Awaited : open.LineCallId == request.CallId ? Asking.Line : Asking.Stranger, open.Id);
        var untoldSince = clock.GetUtcNow() - options.Value.LineDeadline;
        return await ours.AnyAsync(
            s => s.Phone == phone && s.State == AgentStates.Ended && s.LineCallId == null && s.LineId != null && s.EndedAt > untoldSince, cancel)
            ? (Asking.Ended, default)
            : (Asking.NoLine, default);
    }

    /// <summary>
    /// Counted at once; told only when it has not been for a while and the row is free, so that a flood does not hold up the true line.
    /// </summary>
    private async Task TellStranger(Guid sessionId, CancellationToken cancel)
    {
        const string how = "another call asked for leads as if it were this line";
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var told = await db.Sessions.AsNoTracking().Where(s => s.Id == sessionId).Select(s => s.StrangerAt).SingleOrDefaultAsync(cancel);
        var free = strangers.IsTold(told)
            ? null
            : await db.Sessions.LockedIfFree(sessionId).SingleOrDefaultAsync(cancel);
        if (free is null)
        {
            strangers.Count("line");
            return;
        }
        strangers.Tell(free, "line", how);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Locks the session and does what fell due; a line that asks for the first time is open from now on.</summary>
    private async Task<Session?> LockLine(Guid id, DialWhomRequest request, CancellationToken cancel)
    {
        if (await sessions.Lock(id, cancel) is not { IsOpen: true, HasLine: true } session
            || (session.LineCallId is { } call ? call != request.CallId : session.LineId != request.EchoOf))
            return null;
        session.LineCallId = request.CallId;
        session.LineSilentAt = null;   // it is not silent: it asks
        if (session.State != AgentStates.CallingAgent)
            await sessions.Due(session, cancel);
        return session;
    }

    /// <summary>
    /// There is no word that the lead which it was given last was dialed, and that was a moment ago by our own clock: whatever the request says, it
    /// gets no other number now. Who only asks and never dials learns few numbers.
    /// </summary>
    private bool IsTooSoon(Session session) => session.NextLeadFrom > clock.GetUtcNow();

    private async Task<DialWhomAnswer?> Decide(Session session, List<CampaignRow> campaigns, DialWhomRequest request, CancellationToken cancel)
    {
        var lead = session.AttemptId is { } attempt ? await leads.Lock(attempt, cancel) : null;
        // The line has asked since, so nobody waits for this answer: a lead given to it would be one that is never dialed.
        if (request.AskedAt < session.LineAskedAt)
            return session.IsInCall && lead is { IsDialingOver: false } ? AnswerOf(lead, campaigns, "same") : null;
        if (session.IsInCall)
        {
            var given = lead is null ? null
                : new LeadAtHand(lead.Number, lead.IsDialingOver, lead.AskedAt ?? request.AskedAt, lead.LastWord, lead.AskedAfter);
            if (lead is not null && LineAsks.SameLead(given, request, options.Value.SameLeadWithin))
                return AnswerOf(lead, campaigns, "same");
            if (IsTooSoon(session))
                return null;
            var talked = lead?.AnsweredAt is not null || session.State == AgentStates.OnCall || request.TalkedBefore;
            if (lead?.State == HopperStates.Taken)
                leads.DialingOver(lead);
            await sessions.AfterCall(session, campaigns.Find(c => c.Id == session.CampaignId), talked, "the line asked again", cancel);
        }
        if (lead is { State: HopperStates.Shown, AcceptedAt: not null } && session.State is AgentStates.Previewing or AgentStates.CallingAgent)
        {
            if (await hopper.MayDial(lead!, cancel))
                return await Dial(session, lead!, campaigns, request, cancel);
            await leads.Return(lead!, await hopper.WhyNotDial(lead!, cancel), null, cancel);
            await sessions.MakeReady(session, "the lead may not be dialed any more", cancel);
        }
        if (session.State == AgentStates.CallingAgent)
            await sessions.MakeReady(session, "line-open", cancel);
        if (session.State != AgentStates.Ready || IsTooSoon(session) || await hopper.Next(session, CampaignModes.Progressive, cancel) is not { } next)
            return null;
        return await Dial(session, next, campaigns, request, cancel);
    }

    private async Task<DialWhomAnswer> Dial(
        Session session, HopperLead lead, List<CampaignRow> campaigns, DialWhomRequest request, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var campaign = campaigns.Find(c => c.Id == lead.CampaignId);
        var waited = lead.State == HopperStates.Waiting;
        (lead.State, lead.SessionId, lead.DialedBy, lead.Account) = (HopperStates.Taken, session.Id, session.AgentId, session.Account);
        (lead.ProviderCallId, lead.TakenAt, lead.AskedAt, lead.AskedAfter) = (request.CallId, now, request.AskedAt, request.LastDialed);
        (session.AttemptId, session.CampaignId, session.NextLeadFrom) = (lead.AttemptId, lead.CampaignId, now + options.Value.NextLeadAfter);
        await lastAgents.Dialed(lead.Number, session.AgentId, lead.CampaignId, lead.AttemptId, lead.LeadId, cancel);
        await outbox.Publish(LeadChanges.DialedOf(lead, now), cancel);
        await sessions.Enter(session, AgentStates.Dialing, null, now + options.Value.RingDeadline(campaign), cancel);
        await screen.Show(session.AgentId, AgentEventKinds.Lead, LeadScreen.Of(lead.CampaignId, campaign, lead.Offered(), decide: false), cancel);
        if (waited)
            await AskForMore(lead, now, cancel);
        return AnswerOf(lead, campaigns, "lead");
    }

    private async Task AskForMore(HopperLead taken, DateTimeOffset now, CancellationToken cancel)
    {
        var mark = options.Value.LowMark;
        // The one just taken still counts until it is saved.
        var left = await hopper.Left(taken.CampaignId, mark + 2, cancel) - 1;
        if (left <= mark)
            await outbox.Publish(new HopperLow { CampaignId = taken.CampaignId, Left = Math.Max(0, left), OccurredAt = now }, cancel);
    }

    private DialWhomAnswer AnswerOf(HopperLead lead, List<CampaignRow> campaigns, string result)
    {
        var campaign = campaigns.Find(c => c.Id == lead.CampaignId);
        return new()
        {
            Numbers = [lead.Number],
            Json = campaign?.AnswerForm != "text",
            CallerId = lead.CallerId,
            Record = campaign?.Record ?? false,
            MaxRinging = campaign?.RingTimeout,
            MaxConversation = options.Value.LongestTalk(campaign),
            Result = result,
        };
    }

    private void Heard(Session session, DialWhomRequest request, bool dials)
    {
        if (!session.IsOpen)
            return;
        if (session.LineAskedAt is null || session.LineAskedAt < request.AskedAt)
            session.LineAskedAt = request.AskedAt;
        (session.LinesNotKnown, session.Misses) = (0, 0);   // it was picked up
        session.LineSilentAt = session.IsInCall ? null : clock.GetUtcNow() + options.Value.LineSilence;
        session.LineLetGo = !dials && accounts.Find(session.Account) is { AgentFlowWaits: false };
    }
}
