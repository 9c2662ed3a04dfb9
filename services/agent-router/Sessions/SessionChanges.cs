using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Telemetry;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Sessions;

/// <summary>
/// Moves sessions from state to state, under their row lock: numbers the change, sets its deadline, tells it to everyone and to the
/// agent's screen. Only inside a transaction, which the caller saves and commits.
/// </summary>
internal sealed class SessionChanges(
    RouterDbContext db, IOutbox<RouterDbContext> outbox, AgentScreen screen, LeadChanges leads, AccountSettings accounts, RouterMetrics metrics,
    IOptions<RouterOptions> options, TimeProvider clock)
{
    private RouterOptions Settings => options.Value;

    /// <summary>The session under its row lock; null when there is none.</summary>
    public Task<Session?> Lock(Guid sessionId, CancellationToken cancel) =>
        db.Sessions.Locked(sessionId).SingleOrDefaultAsync(cancel);

    /// <summary>The agent's open session under its row lock; null when the agent is signed out.</summary>
    public Task<Session?> LockOpen(Guid agentId, CancellationToken cancel) =>
        db.Sessions.LockedOfAgent(agentId).SingleOrDefaultAsync(cancel);

    /// <summary>Passes into a state, or into the same again with another reason or deadline.</summary>
    /// <param name="state">One of <see cref="AgentStates"/>.</param>
    public async Task Enter(Session session, string state, string? reason, DateTimeOffset? deadline, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        (session.State, session.Reason, session.StateSince, session.DeadlineAt) = (state, reason, now, deadline);
        session.Sequence++;
        // While a dialing or a conversation runs the line does not ask; the state's own deadline watches it.
        session.LineSilentAt = session.LineCallId is null || session.IsInCall
            || state == AgentStates.CallingAgent ? null : now + Settings.LineSilence;
        await outbox.Publish(new AgentStateChanged
        {
            EventId = Guid.CreateVersion7(now),
            SessionId = session.Id,
            AgentId = session.AgentId,
            AgentName = session.AgentName,
            Sequence = session.Sequence,
            State = state,
            Reason = reason,
            Reach = session.Reach,
            Campaigns = session.Campaigns,
            Skills = session.Skills,
            CampaignId = session.CampaignId,
            AttemptId = session.AttemptId,
            OccurredAt = now,
        }, cancel);
        await screen.Show(session.AgentId, AgentEventKinds.State, SessionView.Of(session), cancel);
    }

    /// <summary>Free again, or what the agent asked for meanwhile: signed out, or on a break.</summary>
    public async Task MakeReady(Session session, string? reason, CancellationToken cancel)
    {
        (session.AttemptId, session.CampaignId) = (null, null);
        if (session.WantsSignOut)
        {
            await End(session, "signed-out", cancel);
            return;
        }
        if (session.WantsPause is { } pause)
        {
            session.WantsPause = null;
            await Enter(session, AgentStates.Paused, pause, null, cancel);
            return;
        }
        await Enter(session, AgentStates.Ready, reason, null, cancel);
    }

    /// <summary>The call at hand is over: wrap-up after a conversation, else free again. A wish to sign out comes true at once.</summary>
    /// <param name="campaign">Whose wrap-up time holds; null: none.</param>
    public async Task AfterCall(Session session, CampaignRow? campaign, bool talked, string? reason, CancellationToken cancel)
    {
        if (talked && !session.WantsSignOut && campaign is { WrapUp: var wrapUp } && wrapUp > TimeSpan.Zero)
            await Enter(session, AgentStates.WrapUp, reason, clock.GetUtcNow() + wrapUp, cancel);
        else
            await MakeReady(session, reason, cancel);
    }

    /// <summary>
    /// The agent's phone was rung and not picked up, or declined: it is left alone for a while that grows, and after several in a row until the agent
    /// says that he is there. What the agent wished meanwhile, to sign out or a break, comes first.
    /// </summary>
    public async Task Missed(Session session, string reason, CancellationToken cancel)
    {
        session.Misses++;
        metrics.Missed(session.Reach);
        (session.AttemptId, session.CampaignId) = (null, null);
        var now = clock.GetUtcNow();
        var pauses = session.Misses >= Settings.PauseAfterMisses;
        if (session.WantsSignOut || session.WantsPause is not null || (!pauses && Settings.RestAfterMiss == TimeSpan.Zero))
        {
            await MakeReady(session, reason, cancel);
        }
        else if (!pauses)
        {
            await Enter(session, AgentStates.Resting, reason, now + Settings.RestAfterMiss * session.Misses, cancel);
        }
        else
        {
            metrics.NotAnswering(session.Reach);
            db.Audit.Add(new()
            {
                At = now,
                Who = "platform",
                Action = "pause",
                AgentId = session.AgentId,
                SessionId = session.Id,
                FromState = session.State,
                Reason = $"{AgentReasons.NotAnswering}: {session.Misses} in a row, the last: {reason}",
            });
            await Enter(session, AgentStates.Paused, AgentReasons.NotAnswering, now + Settings.SignOutNotAnswering, cancel);
        }
    }

    /// <summary>Free again; where the agent's line was not picked up, and is not opened when a lead waits anyway, it is ordered now.</summary>
    public Task BackToWork(Session session, string? reason, CancellationToken cancel) =>
        session is { Reach: AgentReach.Line, HasLine: false, WantsSignOut: false, WantsPause: null }
            && accounts.Find(session.Account) is { AgentFlowWaits: true }
            ? OpenLine(session, reason ?? "called again", cancel)
            : MakeReady(session, reason, cancel);

    /// <summary>The lead on the screen was taken back. A line that is being opened for it stays: another lead will come.</summary>
    public async Task LeadTakenBack(Session session, string reason, CancellationToken cancel)
    {
        (session.AttemptId, session.CampaignId) = (null, null);
        if (session.State == AgentStates.Previewing)
            await MakeReady(session, reason, cancel);
    }

    /// <summary>Ends the session. A lead that was only shown goes back, one that was dialed settles by what is known of it.</summary>
    public async Task End(Session session, string reason, CancellationToken cancel)
    {
        await LetLeadGo(session, $"the agent's session ended: {reason}", cancel);
        (session.EndedAt, session.WantsSignOut, session.WantsPause, session.AttemptId, session.CampaignId) =
            (clock.GetUtcNow(), false, null, null, null);
        await Enter(session, AgentStates.Ended, reason, null, cancel);
        session.LineSilentAt = null;
    }

    /// <summary>Orders a line to the agent's phone. One order for each line: a line that may exist is never ordered again.</summary>
    public async Task OpenLine(Session session, string? reason, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        (session.LineId, session.LineCallId, session.LineAskedAt, session.LineLetGo) = (Guid.CreateVersion7(now), null, null, false);
        var account = accounts.Find(session.Account);
        await outbox.Publish(new OpenAgentLine
        {
            LineId = session.LineId.Value,
            SessionId = session.Id,
            AgentId = session.AgentId,
            Account = session.Account,
            AgentNumber = session.Phone,
            CallerId = account?.AgentCallerId,
            Flow = account?.AgentFlow,
            ExpiresAt = now + Settings.LineOrderLife,
        }, cancel);
        await Enter(session, AgentStates.CallingAgent, reason, now + Settings.LineDeadline, cancel);
    }

    /// <summary>The line is gone, and that ends nothing: it is opened again when there is somebody to talk to.</summary>
    public static void LineGone(Session session) =>
        (session.LineId, session.LineCallId, session.LineAskedAt, session.LineSilentAt, session.LineLetGo) = (null, null, null, null, false);

    /// <summary>Does what falls due when a deadline passes; nothing when none has.</summary>
    public async Task Due(Session session, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (!session.IsOpen)
            return;
        if (session.DeadlineAt <= now)
            await PastDeadline(session, cancel);
        else if (session.LineSilentAt <= now && session.LineLetGo)
            LineGone(session);
        else if (session.LineSilentAt <= now)
            await End(session, "the line went silent", cancel);
    }

    private async Task PastDeadline(Session session, CancellationToken cancel)
    {
        switch (session.State)
        {
            case AgentStates.CallingAgent:
                await End(session, "the phone did not answer", cancel);
                break;
            case AgentStates.Previewing:
                await LetLeadGo(session, "nobody decided on it in time", cancel);
                await MakeReady(session, "preview-over", cancel);
                break;
            case AgentStates.Dialing when await db.IsStillOffered(session.Id, cancel):
                // It rang as long as it may and was not let go: it was answered. Not every account sends a word of the answer.
                var deadline = clock.GetUtcNow() + Settings.TalkDeadline(await CampaignOf(session, cancel));
                await Enter(session, AgentStates.OnCall, "held to be answered", deadline, cancel);
                break;
            case AgentStates.Dialing or AgentStates.OnCall:
                var talked = session.State == AgentStates.OnCall;
                await LetLeadGo(session, "no word of it", cancel);
                await AfterCall(session, await CampaignOf(session, cancel), talked, "no word of the call's end", cancel);
                break;
            case AgentStates.Paused when session.IsNotAnswering:
                await End(session, AgentReasons.NotAnswering, cancel);
                break;
            case AgentStates.Resting:
                await BackToWork(session, null, cancel);
                break;
            default:
                await MakeReady(session, null, cancel);
                break;
        }
    }

    /// <summary>The session's lead at hand: shown goes back, dialed waits for its last word and settles.</summary>
    public async Task LetLeadGo(Session session, string reason, CancellationToken cancel)
    {
        if (session.AttemptId is not { } attempt || await leads.Lock(attempt, cancel) is not { } lead || lead.SessionId != session.Id)
            return;
        if (lead.State == HopperStates.Shown)
            await leads.Return(lead, reason, null, cancel);
        else if (lead.State == HopperStates.Taken)
            leads.DialingOver(lead);
    }

    public async Task<CampaignRow?> CampaignOf(Session session, CancellationToken cancel) =>
        session.CampaignId is { } id ? await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancel) : null;
}
