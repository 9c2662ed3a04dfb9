using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Pulse;

/// <summary>How many of a kind there are.</summary>
internal sealed record Standing(string Word, int Count);

/// <summary>The calls of one campaign.</summary>
/// <param name="Open">Not over, and more than offered.</param>
/// <param name="Waiting">Of those: answered, and waiting for an agent.</param>
/// <param name="LastCall">When it last called somebody; null: never, or nobody in its last 200 attempts.</param>
internal sealed record StandingCalls(Guid Campaign, int Open, int Waiting, DateTimeOffset? LastCall);

/// <summary>One provider account.</summary>
/// <param name="LastMinute">Requests for a call in the last minute.</param>
/// <param name="Open">Calls that are not over.</param>
/// <param name="BlockedCode">Why nothing is dialed over it now; null: it is not blocked.</param>
internal sealed record StandingAccount(string Account, int LastMinute, int Open, string? BlockedCode);

/// <summary>What stands at this moment, counted from rows for the metrics. None is on the way of a call, and each is bounded.</summary>
internal static class StandingStatements
{
    /// <summary>Paused campaigns, by reason.</summary>
    public static Task<List<Standing>> PausedCampaigns(this PacerDbContext db, CancellationToken cancel) => db.Database.SqlQuery<Standing>(
        $"""
        select coalesce(pause_reason, {PauseReasons.Person}) as word, count(*)::int as count from campaigns where state = {CampaignStates.Paused}
        group by 1
        """).ToListAsync(cancel);

    /// <summary>Attempts that are not over, by state: as many as are open.</summary>
    public static Task<List<Standing>> OpenAttempts(this PacerDbContext db, CancellationToken cancel) => db.Database.SqlQuery<Standing>(
        $"select state as word, count(*)::int as count from attempts where state <> 'Ended' group by 1").ToListAsync(cancel);

    /// <summary>
    /// Of these the stuck ones, by state: long past the deadline at which they are looked into, or longer open than any call can be.
    /// </summary>
    public static Task<List<Standing>> StuckAttempts(
        this PacerDbContext db, DateTimeOffset overdueSince, DateTimeOffset openSince, CancellationToken cancel) => db.Database.SqlQuery<Standing>(
        $"""
        select state as word, count(*)::int as count from attempts
        where state <> 'Ended' and (deadline_at < {overdueSince} or requested_at < {openSince}) group by 1
        """).ToListAsync(cancel);

    /// <summary>Campaigns that run or pause, the oldest first, at most so many.</summary>
    public static Task<List<Campaign>> StandingCampaigns(this PacerDbContext db, int most, CancellationToken cancel) => db.Campaigns.AsNoTracking()
        .Where(c => c.State == CampaignStates.Running || c.State == CampaignStates.Paused).OrderBy(c => c.CorrelationId).Take(most)
        .ToListAsync(cancel);

    /// <summary>The last decision about each of these campaigns: one step in the index for each.</summary>
    public static Task<List<DecisionRow>> LastDecisions(this PacerDbContext db, Guid[] campaigns, CancellationToken cancel) => db.Decisions.FromSql(
        $"""
        select d.* from unnest({campaigns}) as c (id)
        cross join lateral (select * from decisions where campaign_id = c.id order by id desc limit 1) d
        """).AsNoTracking().ToListAsync(cancel);

    /// <summary>
    /// The open calls of these campaigns, and when each last called somebody: of its last 200 attempts, however many offers come back.
    /// </summary>
    public static Task<List<StandingCalls>> CallsOfCampaigns(this PacerDbContext db, Guid[] campaigns, CancellationToken cancel) =>
        db.Database.SqlQuery<StandingCalls>(
            $"""
            select c.id as campaign, coalesce(o.open, 0)::int as open, coalesce(o.waiting, 0)::int as waiting, l.last as last_call
            from unnest({campaigns}) as c (id)
            left join (
              select campaign_id, count(*) filter (where state <> 'Offered') as open,
                count(*) filter (where state in ('Answered', 'Queued') and mode = {CampaignModes.Power}
                  and coalesce(answered_by, '') !~* {AnsweredBy.Machines}) as waiting
              from attempts where state <> 'Ended' group by 1) o on o.campaign_id = c.id
            cross join lateral (
              select max(requested_at) filter (where was_call(offered_at, dialed)) as last from (
                select requested_at, offered_at, dialed from attempts where campaign_id = c.id order by requested_at desc limit 200) r) l
            """).ToListAsync(cancel);

    /// <summary>What of each account's budget is spent.</summary>
    public static Task<List<StandingAccount>> StandingAccounts(
        this PacerDbContext db, string[] accounts, DateTimeOffset now, CancellationToken cancel)
    {
        var minuteAgo = now - TimeSpan.FromMinutes(1);
        return db.Database.SqlQuery<StandingAccount>(
            $"""
            select a.name as account,
              (select count(*) from originate_permits where account = a.name and at > {minuteAgo} and at <= {now})::int as last_minute,
              (select count(*) from attempts where account = a.name and state not in ('Ended', 'Offered'))::int as open,
              (select blocked_code from accounts where name = a.name and blocked_until > {now}) as blocked_code
            from unnest({accounts}) as a (name)
            """).ToListAsync(cancel);
    }
}
