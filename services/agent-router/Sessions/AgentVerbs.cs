using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Sessions;

/// <summary>What agents and supervisors do with a session; one transaction each.</summary>
internal sealed class AgentVerbs(RouterDbContext db, SessionChanges sessions, LeadChanges leads, IOptions<RouterOptions> options, TimeProvider clock)
{
    /// <param name="Session">Null: the agent is not signed in.</param>
    /// <param name="Refusal">Why not, in a sentence; null: done.</param>
    public sealed record Result(Session? Session, string? Refusal);

    public Task<Result> SignOut(Guid agentId, CancellationToken cancel) => Do(agentId, async session =>
    {
        if (session.IsInCall)
            session.WantsSignOut = true;   // comes true when the call is over
        else
            await sessions.End(session, "signed-out", cancel);
        return null;
    }, cancel);

    public Task<Result> Pause(Guid agentId, string reason, CancellationToken cancel) => Do(agentId, async session =>
    {
        switch (session.State)
        {
            case AgentStates.Dialing or AgentStates.OnCall or AgentStates.WrapUp or AgentStates.CallingAgent:
                session.WantsPause = reason;
                break;
            case AgentStates.Previewing:
                await sessions.LetLeadGo(session, $"the agent went on a break: {reason}", cancel);
                session.WantsPause = reason;
                await sessions.MakeReady(session, null, cancel);
                break;
            default:
                await sessions.Enter(session, AgentStates.Paused, reason, null, cancel);
                break;
        }
        return null;
    }, cancel);

    public Task<Result> Ready(Guid agentId, CancellationToken cancel) => Do(agentId, async session =>
    {
        (session.WantsPause, session.WantsSignOut, session.Misses) = (null, false, 0);
        if (session.State is AgentStates.Paused or AgentStates.Resting or AgentStates.WrapUp)
            await sessions.BackToWork(session, null, cancel);
        return null;
    }, cancel);

    /// <summary>Dials the lead on the screen as soon as the line asks; opens a line where the flow could not keep one waiting.</summary>
    public Task<Result> Accept(Guid agentId, CancellationToken cancel) => Do(agentId, async session =>
    {
        if (session.State != AgentStates.Previewing || await ShownLead(session, cancel) is not { } lead)
            return $"There is no lead to accept (state: {session.State}).";
        if (lead.AcceptedAt is not null)
            return null;
        lead.AcceptedAt = clock.GetUtcNow();
        if (session.HasLine && !session.LineLetGo)
            await sessions.Enter(session, AgentStates.Previewing, "accepted", clock.GetUtcNow() + options.Value.LineSilence, cancel);
        else
            await sessions.OpenLine(session, "accepted", cancel);
        return null;
    }, cancel);

    public Task<Result> Skip(Guid agentId, string reason, CancellationToken cancel) => Do(agentId, async session =>
    {
        if (session.State != AgentStates.Previewing || await ShownLead(session, cancel) is not { } lead)
            return $"There is no lead to skip (state: {session.State}).";
        await leads.Return(lead, $"skipped: {reason}", agentId, cancel);
        await sessions.MakeReady(session, "skipped", cancel);
        return null;
    }, cancel);

    /// <summary>Frees the agent from whatever state: a call's end is assumed, a break ends, a line that never opened is given up.</summary>
    public Task<Result> Release(Guid agentId, string who, string reason, CancellationToken cancel) => Do(agentId, async session =>
    {
        db.Audit.Add(new()
        {
            At = clock.GetUtcNow(),
            Who = who,
            Action = "release",
            AgentId = agentId,
            SessionId = session.Id,
            FromState = session.State,
            Reason = reason,
        });
        if (session.State == AgentStates.CallingAgent)
        {
            await sessions.End(session, "released", cancel);   // whether a line exists is not known: the agent signs in again
            return null;
        }
        session.Misses = 0;
        await sessions.LetLeadGo(session, "a supervisor released the agent", cancel);
        await sessions.BackToWork(session, "released", cancel);
        return null;
    }, cancel);

    private async Task<HopperLead?> ShownLead(Session session, CancellationToken cancel) =>
        session.AttemptId is { } attempt && await leads.Lock(attempt, cancel) is { State: HopperStates.Shown } lead ? lead : null;

    private async Task<Result> Do(Guid agentId, Func<Session, Task<string?>> verb, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await sessions.LockOpen(agentId, cancel) is not { } session)
            return new(null, null);
        await sessions.Due(session, cancel);   // a deadline that passed comes before what is asked now
        if (!session.IsOpen)
        {
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return new(null, null);
        }
        var refusal = await verb(session);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new(session, refusal);
    }
}
