using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Telemetry;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Sessions;

/// <summary>
/// The statements about sessions for which EF has no words: those that lock. Of several rows the locks are taken in the order of ids; a session is
/// locked before its lead. States stand as literals, because the partial indexes are chosen by them when the statement is planned.
/// </summary>
internal static class SessionStatements
{
    public static IQueryable<Session> Locked(this DbSet<Session> sessions, Guid id) =>
        sessions.FromSql($"select * from sessions where id = {id} for update");

    public static IQueryable<Session> LockedOfAgent(this DbSet<Session> sessions, Guid agentId) =>
        sessions.FromSql($"select * from sessions where agent_id = {agentId} and state <> 'Ended' for update");

    public static IQueryable<Session> LockedOfLine(this DbSet<Session> sessions, Guid lineId) =>
        sessions.FromSql($"select * from sessions where line_id = {lineId} and state <> 'Ended' for update");

    /// <summary>None when another holds it.</summary>
    public static IQueryable<Session> LockedIfFree(this DbSet<Session> sessions, Guid id) =>
        sessions.FromSql($"select * from sessions where id = {id} and state <> 'Ended' for update skip locked");

    /// <summary>The one who has one of these phones and is called on it.</summary>
    public static IQueryable<Session> LockedOfPhone(this DbSet<Session> sessions, string account, string[] phones) => sessions.FromSql(
        $"""
        select * from sessions where account = {account} and phone = any({phones}) and reach = 'phone' and state <> 'Ended' limit 1 for update
        """);

    /// <summary>Those whose phones ring for this attempt, or who talk in it.</summary>
    public static IQueryable<Session> LockedInCall(this DbSet<Session> sessions, Guid attemptId) => sessions.FromSql(
        $"""
        select * from sessions where attempt_id = {attemptId} and reach = 'phone' and state in ('Dialing', 'OnCall') order by id for update
        """);

    /// <summary>Free agents for a caller: see <see cref="Calls.AgentOffers.Free"/>.</summary>
    public static IQueryable<Session> Free(
        this DbSet<Session> sessions, string account, Guid? campaign, string? skill, Guid? first, Guid[] tried, int most) => sessions.FromSql(
        $"""
        select * from sessions s
        where s.reach = 'phone' and s.state = 'Ready' and s.account = {account}
          and ({campaign}::uuid is null or {campaign}::uuid = any(s.campaigns)) and ({skill}::text is null or {skill}::text = any(s.skills))
        order by s.agent_id = any({tried}), s.misses > 0, s.agent_id = {first}::uuid desc nulls last, s.state_since, s.id
        limit {most} for update skip locked
        """);

    /// <summary>The one that is longest past a deadline, or whose line is silent longest.</summary>
    public static IQueryable<Session> Overdue(this DbSet<Session> sessions, DateTimeOffset now) => sessions.FromSql(
        $"""
        select * from sessions where state <> 'Ended' and (deadline_at <= {now} or line_silent_at <= {now})
        order by least(deadline_at, line_silent_at) limit 1 for update skip locked
        """);

    /// <summary>A free one all of whose campaigns are over.</summary>
    public static IQueryable<Session> WithNothingLeft(this DbSet<Session> sessions) => sessions.FromSql(
        $"""
        select * from sessions s where s.reach = 'line' and s.state = 'Ready' and cardinality(s.campaigns) > 0 and not exists (
          select from unnest(s.campaigns) as wanted (id) left join campaigns c on c.id = wanted.id
          where c.state is null or c.state not in ('Completed', 'Stopped'))
        order by s.state_since limit 1 for update of s skip locked
        """);

    /// <summary>A free one for whom a lead waits to be shown.</summary>
    public static IQueryable<Session> WithLeadToShow(this DbSet<Session> sessions, DateTimeOffset now) => sessions.FromSql(
        $"""
        select * from sessions s where s.reach = 'line' and s.state = 'Ready'
          and exists (select from hopper h, campaign_that_may_dial(h.campaign_id, h.number, h.dial_until, {now}) c
          where waits_for_agent(h, c, s, {CampaignModes.Preview}))
        order by s.state_since limit 1 for update of s skip locked
        """);

    /// <summary>A free one without a line, for whom a lead waits for whom no other's line is being opened.</summary>
    public static IQueryable<Session> WithLineToOpen(this DbSet<Session> sessions, DateTimeOffset now) => sessions.FromSql(
        $"""
        select * from sessions s where s.reach = 'line' and s.state = 'Ready' and s.line_id is null and (
          select count(*) from sessions o
          where o.state = 'CallingAgent' and o.attempt_id is null and o.account = s.account and o.campaigns && s.campaigns) < (
          select count(*) from hopper h, campaign_that_may_dial(h.campaign_id, h.number, h.dial_until, {now}) c
          where waits_for_agent(h, c, s, {CampaignModes.Progressive}))
        order by s.state_since limit 1 for update of s skip locked
        """);

    /// <summary>
    /// Whether the agent's own phone was not let go, for all that was heard; of several that were rung for one caller, the first's.
    /// </summary>
    public static Task<bool> IsStillOffered(this DbContext db, Guid sessionId, CancellationToken cancel) => db.Database.SqlQuery<bool>(
        $"""
        select exists (
          select from agent_offers o where o.session_id = {sessionId} and o.released_at is null and not exists (
            select from agent_offers p join sessions s on s.id = p.session_id
            where p.call_id = o.call_id and p.place < o.place and p.released_at is null and s.state in ('Dialing', 'OnCall'))) as "Value"
        """).SingleAsync(cancel);

    /// <summary>Open sessions by campaign and state.</summary>
    public static Task<List<CountedAgents>> CountAgentsOfCampaigns(this DbContext db, CancellationToken cancel) =>
        db.Database.SqlQuery<CountedAgents>($"""
        select campaign, state, count(*) as count from sessions, unnest(campaigns) as of (campaign) where state <> 'Ended' group by 1, 2
        """).ToListAsync(cancel);

    /// <summary>Open sessions by state and reach.</summary>
    /// <param name="late">So long past its deadline somebody should have looked at it.</param>
    public static Task<List<CountedSessions>> CountSessions(this DbContext db, DateTimeOffset now, TimeSpan late, CancellationToken cancel)
    {
        var before = now - late;
        return db.Database.SqlQuery<CountedSessions>(
            $"""
            select state, reach, count(*) as count, count(*) filter (where deadline_at < {before} or line_silent_at < {before}) as overdue,
              greatest(0, extract(epoch from {now} - min(state_since)))::float8 as longest
            from sessions where state <> 'Ended' group by 1, 2
            """).ToListAsync(cancel);
    }

    /// <summary>Also of one who is signed out.</summary>
    public static Task LockAgent(this DbContext db, Guid agentId, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"select from agents where id = {agentId} for update", cancel);
}
