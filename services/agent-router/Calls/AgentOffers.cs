using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls;

/// <param name="Campaign">Only agents who work for it; null: any.</param>
/// <param name="Skill">Only agents who have it; null: any.</param>
/// <param name="First">This agent before all others, when free, unless he did not pick up the last time.</param>
/// <param name="Last">These after all others: they did not answer this caller.</param>
internal sealed record AgentWish(string Account, Guid? Campaign, string? Skill, Guid? First, IReadOnlyList<Guid> Last);

/// <param name="Session">Under its row lock.</param>
internal sealed record OpenOffer(AgentOffer Offer, Session Session);

/// <summary>
/// Gives free agents to callers. An agent is taken by locking the session's row and passing it into Dialing, so of two callers,
/// at whatever routers, only one gets him. Only inside a transaction that holds the call's row.
/// </summary>
internal sealed class AgentOffers(RouterDbContext db, SessionChanges sessions, IOptions<RouterOptions> options, TimeProvider clock)
{
    /// <summary>
    /// Free agents whose phones may be rung, the first, then who waits longest; those who did not pick up the last time come after all others.
    /// Locked, and not yet taken.
    /// </summary>
    public Task<List<Session>> Free(AgentWish wish, int most, CancellationToken cancel) =>
        db.Sessions.Free(wish.Account, wish.Campaign, wish.Skill, wish.First, [.. wish.Last], most).ToListAsync(cancel);

    /// <summary>Rings this agent for this call.</summary>
    /// <param name="attempt">The attempt of a customer who was called first; null for one who called in.</param>
    public async Task Make(
        Session session, Guid callId, int place, Guid? attempt, Guid? campaign, DialWhomRequest request, DateTimeOffset deadline, string reason,
        CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into agent_offers (session_id, call_id, agent_id, phone, place, asked_at, offered_at, asked_after)
            values ({session.Id}, {callId}, {session.AgentId}, {session.Phone}, {place}, {request.AskedAt}, {now}, {request.LastDialed})
            on conflict (session_id) do update set call_id = excluded.call_id, agent_id = excluded.agent_id, phone = excluded.phone,
              place = excluded.place,
              asked_at = excluded.asked_at, offered_at = excluded.offered_at, asked_after = excluded.asked_after, released_at = null
            """, cancel);
        (session.AttemptId, session.CampaignId) = (attempt, campaign);
        await sessions.Enter(session, AgentStates.Dialing, reason, deadline, cancel);
    }

    /// <summary>The agents who ring for this call or talk in it, in the order of the answer.</summary>
    public async Task<List<OpenOffer>> Open(Guid callId, CancellationToken cancel)
    {
        var made = await db.Offers.AsNoTracking().Where(o => o.CallId == callId).OrderBy(o => o.SessionId).ToListAsync(cancel);
        var open = new List<OpenOffer>();
        foreach (var offer in made)   // in one order, so that two who lock several never wait for each other
        {
            if (await sessions.Lock(offer.SessionId, cancel) is { IsInCall: true } session
                && await db.Offers.AnyAsync(o => o.SessionId == offer.SessionId && o.CallId == callId, cancel))
                open.Add(new(offer, session));
        }
        return [.. open.OrderBy(o => o.Offer.Place)];
    }

    /// <summary>They hear each other.</summary>
    public Task Connect(OpenOffer open, DateTimeOffset deadline, CancellationToken cancel)
    {
        open.Session.Misses = 0;
        return open.Session.State == AgentStates.OnCall
            ? Task.CompletedTask
            : sessions.Enter(open.Session, AgentStates.OnCall, null, deadline, cancel);
    }

    /// <summary>
    /// Who has one of these numbers as his phone and is signed in, locked; null: nobody. For a word that names who talked after his phone was let go.
    /// </summary>
    public async Task<Session?> OfPhone(string account, CancellationToken cancel, params string?[] numbers)
    {
        string[] phones = [.. numbers.OfType<string>()];
        return phones.Length == 0 ? null : await db.Sessions.LockedOfPhone(account, phones).SingleOrDefaultAsync(cancel);
    }

    /// <summary>This agent talked, as is told now that his phone was let go already: if nothing came between, the wrap-up is made up for.</summary>
    public async Task TalkedAfterAll(Session session, CampaignRow? campaign, Guid? attempt, DateTimeOffset until, CancellationToken cancel)
    {
        session.Misses = 0;
        var isOver = campaign is { WrapUp: var wrapUp } && until + wrapUp <= clock.GetUtcNow();
        if ((session.State != AgentStates.Ready || isOver) && session.State != AgentStates.Resting && !session.IsNotAnswering)
            return;
        (session.AttemptId, session.CampaignId) = (attempt, campaign?.Id);
        await sessions.AfterCall(session, campaign, talked: !isOver, "talked, as was told later", cancel);
    }

    /// <summary>
    /// The phone is down, which is told alike of who talked and of who did not answer: the agent is kept until the Passthru says which it
    /// was, for a moment at most.
    /// </summary>
    public async Task PhoneDown(OpenOffer open, DateTimeOffset at, CancellationToken cancel)
    {
        if (open.Offer.ReleasedAt is not null)
            return;
        await db.Offers.Where(o => o.SessionId == open.Session.Id).ExecuteUpdateAsync(o => o.SetProperty(x => x.ReleasedAt, at), cancel);
        await sessions.Enter(open.Session, open.Session.State, "the phone is down", clock.GetUtcNow() + options.Value.SettleAfter, cancel);
    }

    /// <summary>The agent is through with this call.</summary>
    /// <param name="talked">With whom: wrap-up follows.</param>
    /// <param name="missed">The phone rang and was declined or not picked up.</param>
    public async Task End(OpenOffer open, CampaignRow? campaign, bool talked, string reason, CancellationToken cancel, bool missed = false)
    {
        await db.Offers.Where(o => o.SessionId == open.Session.Id).ExecuteDeleteAsync(cancel);
        if (missed && !talked)
            await sessions.Missed(open.Session, reason, cancel);
        else
            await sessions.AfterCall(open.Session, campaign, talked, reason, cancel);
    }
}
