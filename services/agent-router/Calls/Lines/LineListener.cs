using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Telemetry;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls.Lines;

/// <summary>The loop of an agent's line: what the provider tells moves the lead's row, and the agent with it. Only inside a transaction.</summary>
internal sealed class LineListener(
    RouterDbContext db, SessionChanges sessions, LeadChanges leads, LineEvidence evidence, Strangers strangers, AccountSettings accounts,
    IOptions<RouterOptions> options, TimeProvider clock, ILogger<LineListener> log)
{
    private const int MostLinesNotKnown = 2;

    /// <summary>As fine as the provider's clock shows it.</summary>
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>True when the popup was about an agent's line.</summary>
    public async Task<bool> Heard(DialPopup popup, CancellationToken cancel)
    {
        // A phone rings in the second it was asked for, and is not picked up in it.
        var since = popup.Stage is PopupStages.Dial or PopupStages.Ringing ? popup.OccurredAt + OneSecond : popup.OccurredAt;
        if (await Locked(popup, since, cancel, popup.DialedNumber) is not { } line)
            return await SessionOf(popup, cancel) is not null;
        var (session, lead) = line;
        popup = popup with { OccurredAt = At(lead, popup) };
        var (wasAnswered, overAt) = (lead.AnsweredAt is not null, lead.OverAt);
        switch (popup.Stage)
        {
            case PopupStages.Dial or PopupStages.Ringing:
                await evidence.Dialing(lead, popup, popup.Stage == PopupStages.Ringing, cancel);
                break;
            case PopupStages.Answered:
                await evidence.Answered(lead, popup, popup.OccurredAt, cancel);
                break;
            case PopupStages.Terminal:
                await evidence.Released(lead, popup, cancel);
                break;
            default:
                return true;   // a word that nobody documented: no evidence of anything
        }
        IsBeingDialed(session, lead);
        await Revive(session, lead, cancel);
        if (popup.Stage == PopupStages.Terminal)
            await Over(session, lead, lead.AnsweredAt is not null, cancel);
        else if (lead.AnsweredAt is not null && IsAtHand(session, lead) && session!.State == AgentStates.Dialing && !lead.IsDialingOver)
            await Talks(session, cancel);
        else if (!wasAnswered && lead is { AnsweredAt: not null, IsDialingOver: true })
            await WrapsUpAfterAll(session, lead, overAt ?? clock.GetUtcNow(), null, cancel);
        return true;
    }

    /// <summary>True when the Passthru was about an agent's line.</summary>
    public async Task<bool> Heard(DialEnded ended, CancellationToken cancel)
    {
        if (ended.DialedNumber is null && ended.Outcome is null)
            return await NobodyDialed(ended, cancel);
        if (await Locked(ended, ended.OccurredAt - (ended.TalkTime ?? TimeSpan.Zero), cancel, ended.DialedNumber, ended.OtherNumber) is not { } line)
            return await NobodyAtHand(ended, cancel);
        var (session, lead) = line;
        // Hung up while nobody was dialed any more, it may be.
        if (ended is { FromHungUp: true, DialedNumber: null, Outcome: not Outcomes.Completed } && lead.State != HopperStates.Taken)
            return await NobodyAtHand(ended, cancel);
        ended = ended with { OccurredAt = At(lead, ended) };
        IsBeingDialed(session, lead);
        var wasAnswered = lead.AnsweredAt is not null;
        var decided = await evidence.Ended(lead, ended, cancel);
        if (IsAtHand(session, lead) && session!.IsInCall)
        {
            var talked = ended.Outcome == Outcomes.Completed || lead.AnsweredAt is not null;
            await sessions.AfterCall(
                session, await sessions.CampaignOf(session, cancel), talked, talked ? Outcomes.Completed : ended.Outcome, cancel);
        }
        else if (decided && !wasAnswered && lead.AnsweredAt is not null)
        {
            await WrapsUpAfterAll(session, lead, clock.GetUtcNow(), ended.Outcome, cancel);
        }
        await HungUp(session, ended, cancel);
        return true;
    }

    /// <summary>True when it names a line: the line is the one whose address it came to, whatever call it names.</summary>
    public async Task<bool> Heard(LineEnded ended, CancellationToken cancel)
    {
        if (ended.LineId is not { } line)
            return false;
        if (await LockByLine(line, cancel) is not { } session)
            return true;   // only we order lines; this one was replaced, or is over
        if (session.LineCallId is { } known && ended.ProviderCallId is { } named && named != known)
        {
            strangers.Tell(session, "line-end", "the end of another call was reported as if it were this line's");
            return true;
        }
        if (session.State == AgentStates.CallingAgent && WhosePhone.IsMiss(ended.Outcome))
        {
            await sessions.LetLeadGo(session, "the agent's phone was not picked up", cancel);
            SessionChanges.LineGone(session);
            await sessions.Missed(session, $"the phone did not answer ({ended.Outcome})", cancel);
        }
        else if (session.State == AgentStates.CallingAgent && ended.Outcome != Outcomes.Completed)
            await sessions.End(session, $"the phone did not answer ({ended.Outcome})", cancel);
        else if (CanGoOnWithoutLine(session))
            SessionChanges.LineGone(session);
        else if (WasNotKnownInTime(session))
        {
            session.LinesNotKnown++;
            SessionChanges.LineGone(session);
            await sessions.MakeReady(session, "the line was over before it was known", cancel);
        }
        else
            await sessions.End(session, "hung-up", cancel);
        return true;
    }

    /// <summary>The provider took our order for a line, and says which call it is: that overrules whoever came before.</summary>
    public async Task Heard(AgentLineOpened opened, CancellationToken cancel)
    {
        if (await LockByLine(opened.LineId, cancel) is not { } session)
            return;
        if (session.LineCallId is { } taken && taken != opened.ProviderCallId)
        {
            strangers.Tell(session, "line", "another call had been taken for this line before the provider told which it is");
            // What the line is told of its lead will name the true call.
            await db.Hopper.Where(h => h.SessionId == session.Id && h.State == HopperStates.Taken && h.ProviderCallId == taken)
                .ExecuteUpdateAsync(h => h.SetProperty(x => x.ProviderCallId, opened.ProviderCallId), cancel);
        }
        session.LineCallId = opened.ProviderCallId;
    }

    /// <summary>The line was not opened. Where that is not certain the phone may ring: the deadline decides.</summary>
    public async Task Heard(AgentLineFailed failed, CancellationToken cancel)
    {
        if (await LockByLine(failed.LineId, cancel) is not { State: AgentStates.CallingAgent } session)
            return;
        log.LineNotOpened(session.Id, failed.Reason);
        if (failed.Certain)
            await sessions.End(session, $"the line was not opened: {failed.Reason}", cancel);
    }

    private async Task<Session?> LockByLine(Guid lineId, CancellationToken cancel) =>
        await db.Sessions.LockedOfLine(lineId).SingleOrDefaultAsync(cancel);

    /// <summary>On the clock of the line's questions. Where that is one of its own, only its own instants can be compared.</summary>
    private static DateTimeOffset At(HopperLead lead, IProviderEvent word) =>
        lead.AskedAt < lead.TakenAt - ForeignClock.Drift ? word.OccurredAt : ForeignClock.Near(word.OccurredAt, lead.TakenAt, word.ReceivedAt);

    private async Task<(Session? Session, HopperLead Lead)?> Locked(
        IProviderEvent word, DateTimeOffset since, CancellationToken cancel, params string?[] numbers)
    {
        var at = ForeignClock.Near(word.OccurredAt, null, word.ReceivedAt);
        if (word.ProviderCallId is not { } call
            || await evidence.Find(word.Account, call, numbers, at, since + (at - word.OccurredAt), cancel) is not { SessionId: { } sessionId } found)
            return null;
        var session = await sessions.Lock(sessionId, cancel);
        if (await leads.Lock(found.AttemptId, cancel) is not { DialedBy: not null } lead)
            return null;
        if (Array.Exists(numbers, number => number is not null) && !numbers.Contains(lead.Number))
            log.ForeignNumber(sessionId);
        return (session, lead);
    }

    /// <summary>
    /// The flow says that it dialed nobody: no lead was given, or the one that was given was not taken. The ledger was told that it is dialed, so it
    /// ends there as one that was asked for in vain.
    /// </summary>
    private async Task<bool> NobodyDialed(DialEnded ended, CancellationToken cancel)
    {
        var id = await SessionOf(ended, cancel);
        if (id is null || await sessions.Lock(id.Value, cancel) is not { } session)
            return false;
        if (session.IsOpen && session.IsInCall && session.AttemptId is { } attempt
            && await leads.Lock(attempt, cancel) is { State: HopperStates.Taken } lead
            && lead.LastWord is null && At(lead, ended) >= lead.AskedAt)
        {
            // It ends when no word to the contrary comes: the clock shows seconds, and this may be about the round before.
            lead.NobodyAt = At(lead, ended);
            leads.DialingOver(lead);
            await sessions.MakeReady(session, "nobody was dialed", cancel);
        }
        await HungUp(session, ended, cancel);
        return true;
    }

    /// <summary>True when it is a line's word, of which no lead is known: whether the agent is there is all that it says.</summary>
    private async Task<bool> NobodyAtHand(DialEnded ended, CancellationToken cancel)
    {
        if (await SessionOf(ended, cancel) is not { } id)
            return false;
        await HungUp(await sessions.Lock(id, cancel), ended, cancel);
        return true;
    }

    /// <summary>Word came of a lead that the flow had said it did not dial: it is at hand again.</summary>
    private async Task Revive(Session? session, HopperLead lead, CancellationToken cancel)
    {
        if (lead is not { State: HopperStates.Taken, NobodyAt: not null } || lead.ReleasedAt is not null)
            return;
        lead.NobodyAt = null;
        if (session is not { State: AgentStates.Ready } || !await IsNewest(session, lead, cancel))
            return;
        lead.SettleAt = null;
        (session.AttemptId, session.CampaignId) = (lead.AttemptId, lead.CampaignId);
        await sessions.Enter(session, AgentStates.Dialing, null, clock.GetUtcNow() + options.Value.RingDeadline(null), cancel);
    }

    private async Task Over(Session? session, HopperLead lead, bool talked, CancellationToken cancel)
    {
        if (lead.State == HopperStates.Taken)
            leads.DialingOver(lead);
        if (IsAtHand(session, lead) && session!.IsInCall)
            await sessions.AfterCall(session, await sessions.CampaignOf(session, cancel), talked, null, cancel);
    }

    /// <summary>Nobody had told of the conversation, and the agent was free too early: if nothing came between, the wrap-up is made up for.</summary>
    /// <param name="until">When it was known that the conversation was over.</param>
    private async Task WrapsUpAfterAll(Session? session, HopperLead lead, DateTimeOffset until, string? reason, CancellationToken cancel)
    {
        if (session is not { State: AgentStates.Ready } || !await IsNewest(session, lead, cancel))
            return;
        var campaign = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == lead.CampaignId, cancel);
        if (campaign is null || until + campaign.WrapUp <= clock.GetUtcNow())
            return;
        (session.AttemptId, session.CampaignId) = (lead.AttemptId, lead.CampaignId);
        await sessions.AfterCall(session, campaign, talked: true, reason, cancel);
    }

    private async Task Talks(Session session, CancellationToken cancel)
    {
        var deadline = clock.GetUtcNow() + options.Value.TalkDeadline(await sessions.CampaignOf(session, cancel));
        await sessions.Enter(session, AgentStates.OnCall, null, deadline, cancel);
    }

    /// <summary>The agent left in the middle of it: the flow does not come round again.</summary>
    private async Task HungUp(Session? session, DialEnded ended, CancellationToken cancel)
    {
        if (ended.FromHungUp && session is { IsOpen: true } && session.LineCallId == ended.ProviderCallId)
            await sessions.End(session, "hung-up", cancel);
    }

    private bool CanGoOnWithoutLine(Session session) =>
        session.LineLetGo
            || (session.State is AgentStates.WrapUp or AgentStates.Paused && accounts.Find(session.Account) is { AgentFlowWaits: false });

    /// <summary>
    /// It asked before the provider had told us which call it is, and its flow cannot wait: that is no hanging up, and it is ordered again when it
    /// is needed. Not without end: an agent who hangs up at once looks alike.
    /// </summary>
    private bool WasNotKnownInTime(Session session) =>
        session is { State: AgentStates.CallingAgent, LineAskedAt: null, LinesNotKnown: < MostLinesNotKnown }
            && accounts.Find(session.Account) is { AgentFlowWaits: false };

    /// <summary>The number that was given last is being dialed, or was: the next one need not wait.</summary>
    private static void IsBeingDialed(Session? session, HopperLead lead)
    {
        if (IsAtHand(session, lead))
            session!.NextLeadFrom = null;
    }

    private Task<Guid?> SessionOf(IProviderEvent word, CancellationToken cancel) =>
        db.Sessions.AsNoTracking().Where(s => s.Account == word.Account && s.LineCallId == word.ProviderCallId && word.ProviderCallId != null)
            .OrderByDescending(s => s.StartedAt).Select(s => (Guid?)s.Id).FirstOrDefaultAsync(cancel);

    private Task<bool> IsNewest(Session session, HopperLead lead, CancellationToken cancel) =>
        db.Hopper.AllAsync(h => h.SessionId != session.Id || h.TakenAt == null || h.TakenAt <= lead.TakenAt, cancel);

    private static bool IsAtHand(Session? session, HopperLead lead) => session is { IsOpen: true } && session.AttemptId == lead.AttemptId;
}
