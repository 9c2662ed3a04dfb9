using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.CallBacks;

/// <summary>The statements on <c>missed_calls</c>.</summary>
internal static class MissedCallStatements
{
    /// <summary>Notes it, once.</summary>
    /// <param name="code">Why it was refused at once; null: it was not.</param>
    public static Task Note(
        this PacerDbContext db, InboundCallMissed told, DateTimeOffset missedAt, string state, string reason, string? code, DateTimeOffset? decidedAt,
        DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        insert into missed_calls (id, account, provider_call_id, number, did, campaign_id, missed_at, state, reason, code, due_at, decided_at)
        values ({Guid.CreateVersion7(now)}, {told.Account}, {told.ProviderCallId}, {told.Number}, {told.Did}, {told.CampaignId}, {missedAt}, {state},
          {reason}, {code}, {now}, {decidedAt})
        on conflict (account, provider_call_id) do nothing
        """, cancel);

    /// <summary>Was not missed: refused, whether that is told first or last. False: it was decided on before.</summary>
    public static async Task<bool> RefuseAsReached(
        this PacerDbContext db, InboundCallReached told, string reason, DateTimeOffset now, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into missed_calls as missed (id, account, provider_call_id, number, did, campaign_id, missed_at, state, reason, code, due_at,
              decided_at)
            values ({Guid.CreateVersion7(now)}, {told.Account}, {told.ProviderCallId}, {told.Number}, {told.Did}, {told.CampaignId}, {now},
              {MissedCallStates.Refused}, {reason}, {MissedCallCodes.NotMissed}, {now}, {now})
            on conflict (account, provider_call_id) do update set state = excluded.state, reason = excluded.reason, code = excluded.code,
              decided_at = excluded.decided_at
            where missed.state = {MissedCallStates.Waiting}
            """, cancel) > 0;

    /// <summary>When too many wait, the one that was looked up in vain most often gives way.</summary>
    public static Task RefuseOneOfFlood(this PacerDbContext db, string account, string reason, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update missed_calls set state = {MissedCallStates.Refused}, reason = {reason}, code = 'flood', decided_at = {now}
            where id = (
              select id from missed_calls where account = {account} and state = {MissedCallStates.Waiting} and not seen
              order by looks desc, due_at limit 1 for update skip locked)
            """, cancel);

    /// <summary>A promised one, its row locked until the transaction ends.</summary>
    public static IQueryable<MissedCall> LockedPromise(this PacerDbContext db, string account, string providerCallId) => db.MissedCalls.FromSql(
        $"""
        select * from missed_calls
        where account = {account} and provider_call_id = {providerCallId} and state = {MissedCallStates.Promised} for update
        """);

    /// <summary>One that is not decided on, its row locked until the transaction ends.</summary>
    public static IQueryable<MissedCall> LockedUndecided(this PacerDbContext db, Guid id) =>
        db.MissedCalls.FromSql($"select * from missed_calls where id = {id} and state = {MissedCallStates.Waiting} for update");

    /// <summary>
    /// Claims one that is due and pushes it on, so that other replicas leave it alone while this one asks; only as many a minute as leave the
    /// provider's budget to calls, counted by one replica at a time. A row is looked up once a minute at most, so its last look-up counts for it.
    /// </summary>
    /// <param name="again">Those first that were looked up before; else those that never were, the newest first.</param>
    public static async Task<MissedCall?> ClaimDue(
        this PacerDbContext db, bool again, int perMinute, TimeSpan lease, DateTimeOffset now, CancellationToken cancel)
    {
        var minuteAgo = now - TimeSpan.FromMinutes(1);
        await db.TakeTurns("missed calls", cancel);
        var claimed = await db.MissedCalls.FromSql(
            $"""
            update missed_calls set looks = looks + 1, looked_at = {now}, due_at = {now + lease}
            where id = (
              select m.id from missed_calls m
              where m.state = {MissedCallStates.Waiting} and m.due_at <= {now} and (m.seen or (
                select count(*) from (select from missed_calls x where x.account = m.account and x.looked_at > {minuteAgo} limit {perMinute}) lately)
                < {perMinute})
              order by m.seen desc, (m.looks > 0) = {again} desc, m.looks, m.due_at desc limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancel);
        return claimed.SingleOrDefault();
    }

    /// <summary>One replica at a time decides on this, until its transaction ends: or each would count without the other's decision.</summary>
    public static Task TakeTurns(this PacerDbContext db, string what, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({what}, 0))", cancel);
}
