using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Hopper;

/// <summary>
/// The statements about leads of the hopper for which EF has no words: those that lock, step over locks, may come twice, or
/// change rows and return them. States stand
/// as literals, because the partial indexes are chosen by them when the statement is planned.
/// </summary>
internal static class HopperStatements
{
    public static IQueryable<HopperLead> Locked(this DbSet<HopperLead> hopper, Guid attemptId) =>
        hopper.FromSql($"select * from hopper where attempt_id = {attemptId} for update");

    /// <summary>The next one for this agent: what may be dialed, the functions say. In the order of the index within a campaign.</summary>
    /// <param name="mode">One of <see cref="Contracts.CampaignModes"/>.</param>
    public static IQueryable<HopperLead> NextFor(this DbSet<HopperLead> hopper, Session session, string mode, DateTimeOffset now) => hopper.FromSql(
        $"""
        select h.* from sessions s, hopper h, campaign_that_may_dial(h.campaign_id, h.number, h.dial_until, {now}) c
        where s.id = {session.Id} and waits_for_agent(h, c, s, {mode})
        order by h.agent_id is not null desc, h.priority desc, h.due_at, h.attempt_id limit 1 for update of h skip locked
        """);

    /// <summary>The running campaign of this lead, if the lead may be dialed now.</summary>
    public static IQueryable<CampaignRow> ThatMayDial(this DbSet<CampaignRow> campaigns, HopperLead lead, DateTimeOffset now) => campaigns.FromSql(
        $"select c.* from campaign_that_may_dial({lead.CampaignId}, {lead.Number}, {lead.DialUntil}, {now}) c");

    /// <summary>Shared: a campaign that stops running waits for us, and then finds the rows that we add.</summary>
    public static IQueryable<CampaignRow> Shared(this DbSet<CampaignRow> campaigns, Guid id) =>
        campaigns.FromSql($"select * from campaigns where id = {id} for share");

    /// <summary>The words that forbid a call for this purpose to this person.</summary>
    public static IQueryable<SuppressionRow> Against(this DbSet<SuppressionRow> suppressions, string number, string? purpose) =>
        suppressions.FromSql($"select * from suppressions_against({number}, {purpose})");

    /// <summary>The one of these that a line's event is about: see <see cref="Calls.Lines.LineEvidence.Find"/>.</summary>
    public static IQueryable<HopperLead> OfLine(
        this DbSet<HopperLead> hopper, string account, string callId, string[] named, DateTimeOffset at, DateTimeOffset since) => hopper.FromSql(
        $"""
        select * from hopper where account = {account} and provider_call_id = {callId}
        order by number = any({named}) desc, asked_at < {since} desc, asked_at <= {at} desc, asked_at desc limit 1
        """);

    /// <summary>The one that was to be settled first.</summary>
    public static IQueryable<HopperLead> ToSettle(this DbSet<HopperLead> hopper, DateTimeOffset now) => hopper.FromSql(
        $"select * from hopper where state = 'Taken' and settle_at <= {now} order by settle_at limit 1 for update skip locked");

    /// <summary>Gives back all that wait of a campaign; of all campaigns where it is null. They are returned.</summary>
    public static IQueryable<HopperLead> ReturnWaiting(this DbSet<HopperLead> hopper, Guid? campaignId, string reason, DateTimeOffset now) =>
        campaignId is { } id
        ? hopper.FromSql(
            $"""
            update hopper set state = 'Returned', returned_reason = {reason}, over_at = {now}
            where campaign_id = {id} and state = 'Waiting' returning *
            """)
        : hopper.FromSql($"update hopper set state = 'Returned', returned_reason = {reason}, over_at = {now} where state = 'Waiting' returning *");

    /// <summary>Gives back all leads of a person that wait and that are dialed for this purpose.</summary>
    /// <param name="scope">A purpose, or <c>all</c>.</param>
    public static IQueryable<HopperLead> ReturnWaitingOf(
        this DbSet<HopperLead> hopper, string number, string scope, string reason, DateTimeOffset now) => hopper.FromSql(
        $"""
        update hopper set state = 'Returned', returned_reason = {reason}, over_at = {now}
        where number = {number} and state = 'Waiting'
          and ({scope} = 'all' or campaign_id in (select id from campaigns where purpose = {scope})) returning *
        """);

    /// <summary>Gives back those that waited too long, so many at most.</summary>
    public static IQueryable<HopperLead> ReturnExpired(this DbSet<HopperLead> hopper, string reason, DateTimeOffset now, int most) => hopper.FromSql(
        $"""
        update hopper set state = 'Returned', returned_reason = {reason}, over_at = {now}
        where attempt_id in (
          select attempt_id from hopper where state = 'Waiting' and dial_until <= {now} order by dial_until limit {most} for update skip locked)
        returning *
        """);

    /// <summary>Gives one back if it waits. One that we never heard of leaves a stone: should the offer still come, it comes too late.</summary>
    public static IQueryable<HopperLead> ReturnOrBar(
        this DbSet<HopperLead> hopper, Guid attemptId, Guid campaignId, string reason, DateTimeOffset now) => hopper.FromSql(
        $"""
        insert into hopper (
          attempt_id, campaign_id, lead_id, number, caller_id, priority, due_at, dial_until, lead, state, offered_at, returned_reason, over_at)
        values ({attemptId}, {campaignId}, {Guid.Empty}, '', '', 0, {now}, {now}, jsonb_build_object(), 'Returned', {now}, {reason}, {now})
        on conflict (attempt_id) do update set state = 'Returned', returned_reason = excluded.returned_reason, over_at = excluded.over_at
        where hopper.state = 'Waiting' returning *
        """);

    /// <summary>Adds an offered lead; one that is known already stays as it is.</summary>
    /// <param name="state">Waiting; or Returned, for this reason.</param>
    public static Task AddToHopper(
        this RouterDbContext db, Guid campaignId, OfferedLead lead, string state, string? reason, DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset? over = reason is null ? null : now;
        return db.Database.ExecuteSqlAsync(
            $"""
            insert into hopper (
              attempt_id, campaign_id, lead_id, number, caller_id, priority, due_at, dial_until, agent_id, lead, state, offered_at, returned_reason,
              over_at)
            values ({lead.AttemptId}, {campaignId}, {lead.LeadId}, {lead.Number}, {lead.CallerId}, {lead.Priority}, {lead.DueAt}, {lead.DialUntil},
              {lead.AgentId}, {HopperLead.Json(lead)}::jsonb, {state}, {now}, {reason}, {over})
            on conflict (attempt_id) do nothing
            """, cancel);
    }

    /// <summary>Keeps the newest word on a suppression.</summary>
    public static Task KeepSuppression(this RouterDbContext db, NumberSuppressed told, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        insert into suppressions (number, scope, lifted, at) values ({told.Number}, {told.Scope}, {told.Lifted}, {told.OccurredAt})
        on conflict (number, scope) do update set lifted = excluded.lifted, at = excluded.at where suppressions.at <= excluded.at
        """, cancel);
}
