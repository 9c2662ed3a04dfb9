using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;

namespace Outdial.Pacer.Waiting;

/// <summary>Waiting leads as they are counted: by what can be told of them in SQL.</summary>
/// <param name="NextAt">When the first of them is due.</param>
/// <param name="LastAt">When the last of them is.</param>
internal sealed record WaitingRows(
    string Reason, string Where, string TimeZone, bool IsDue, DateTimeOffset NextAt, DateTimeOffset LastAt, int Count);

/// <summary>Leads of a campaign that have an open attempt: in the hopper, or a call.</summary>
internal sealed record OpenLeads(int Dialing, int InHopper, bool HasLeads);

/// <summary>Leads of a campaign that wait for one thing.</summary>
internal sealed record WaitingOfCampaign(Guid Campaign, string Reason, int Count);

/// <summary>A time zone of a campaign's leads.</summary>
internal sealed record LeadsZone(Guid Campaign, string Zone);

/// <summary>The statements behind "what does it wait for".</summary>
internal static class WaitingStatements
{
    /// <summary>More waiting leads than this are not told apart in the metrics: their shares are.</summary>
    private const int MostCounted = 100_000;

    /// <summary>Leads <c>l</c>, beside the zones that <see cref="Given"/> gives.</summary>
    private const string Standing = """
         leads l
         left join unnest({0}, {1}, {2}, {3}, {4}) as h(campaign, zone, purpose, most, held) on h.campaign = l.campaign_id and h.zone = l.time_zone
         left join recycled_leads r on r.lead_id = l.id
        """;

    /// <summary>As <see cref="LeadStands.Listed"/>, of such a lead at the instant {5}.</summary>
    private const string Stand = """
         case when l.state <> 'Waiting' then l.reason
           when h.held = 'CampaignEnded' then h.held
           when l.due_at > {5} then l.reason
           when l.withdrawal is not null then 'Withdrawn'
           when exists (select from suppressions s where s.number = l.number and s.scope in ('all', h.purpose)) then 'OptedOut'
           when l.tries - coalesce(r.tries_before, 0) >= h.most and l.call_back_at is null then 'TriesUsed'
           when h.held is not null then h.held
           when l.reason = 'AwaitingMetadata' then l.reason
           else 'InQueue' end
        """;

    private const string InGroups = "select" + Stand + """
         as reason, coalesce(n.circle, l.time_zone) as "where", l.time_zone, l.due_at <= {5} as is_due,
          min(l.due_at) as next_at, max(l.due_at) as last_at, count(*)::int as count
        from
        """ + Standing + """
         left join numbers n on n.number = l.number
        where l.campaign_id = {6} and l.state = 'Waiting' and l.id <> all({7}) group by 1, 2, 3, 4
        """;

    private const string OfReason = "select l.* from" + Standing + " where" + Stand + " = {6}";

    private const string OfRunning = "select c.id as campaign, reason, count(*)::int as count from unnest({6}) as c (id) cross join lateral (select"
        + Stand + " as reason from" + Standing + """
         where l.state = 'Waiting' and l.campaign_id = c.id limit {7}) as waiting group by 1, 2
        """;

    /// <summary>In groups, so that the answer stays small for a list of any length.</summary>
    /// <param name="but">Not these.</param>
    public static Task<List<WaitingRows>> CountWaitingLeads(
        this PacerDbContext db, Guid campaign, StandingZones zones, Guid[] but, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.SqlQueryRaw<WaitingRows>(InGroups, [.. Given(zones, now), campaign, but]).ToListAsync(cancel);

    /// <summary>Of a campaign's leads those that have an open attempt, and whether there are any at all.</summary>
    public static Task<OpenLeads> CountOpenLeads(this PacerDbContext db, Guid campaign, CancellationToken cancel) => db.Database.SqlQuery<OpenLeads>(
        $"""
        select count(*) filter (where reason <> {LeadReasons.InHopper})::int as dialing,
          count(*) filter (where reason = {LeadReasons.InHopper})::int as in_hopper,
          exists (select from leads where campaign_id = {campaign}) as has_leads
        from leads where campaign_id = {campaign} and state = {LeadStates.Dialing}
        """).SingleAsync(cancel);

    /// <summary>Leads that stand so, to be asked for further.</summary>
    public static IQueryable<Lead> LeadsStanding(this PacerDbContext db, string reason, StandingZones zones, DateTimeOffset now) =>
        db.Leads.FromSqlRaw(OfReason, [.. Given(zones, now), reason]);

    /// <summary>Of campaigns of these zones, by what they wait for: of all together up to a bound, of which each has its part.</summary>
    public static Task<List<WaitingOfCampaign>> CountStandingLeads(
        this PacerDbContext db, StandingZones zones, DateTimeOffset now, CancellationToken cancel)
    {
        var campaigns = zones.Campaigns.Distinct().ToArray();
        return db.Database.SqlQueryRaw<WaitingOfCampaign>(
            OfRunning, [.. Given(zones, now), campaigns, MostCounted / Math.Max(campaigns.Length, 1)]).ToListAsync(cancel);
    }

    /// <summary>Those of the leads whose people asked not to be called for their campaign's purpose.</summary>
    public static async Task<HashSet<Guid>> SuppressedLeads(this PacerDbContext db, Guid[] leads, CancellationToken cancel) =>
        [.. await db.Database.SqlQuery<Guid>(
            $"""
            select l.id as "Value" from leads l join campaigns c on c.id = l.campaign_id
            where l.id = any({leads}) and exists (select from suppressions s where s.number = l.number and s.scope in ('all', c.purpose))
            """).ToListAsync(cancel)];

    /// <summary>The time zones of the leads of several campaigns, by hops over the index: cheap for a million leads in one zone.</summary>
    public static Task<List<LeadsZone>> ZonesOfLeads(this PacerDbContext db, Guid[] campaigns, CancellationToken cancel) =>
        db.Database.SqlQuery<LeadsZone>(
            $"""
            with recursive zones(campaign, zone) as (
              select c.id, (select min(time_zone) from leads where campaign_id = c.id and state in ('Waiting', 'Dialing'))
              from unnest({campaigns}) as c(id)
              union all
              select campaign, (select min(time_zone) from leads
                where campaign_id = campaign and state in ('Waiting', 'Dialing') and time_zone > zone)
              from zones where zone is not null)
            select campaign, zone from zones where zone is not null
            """).ToListAsync(cancel);

    private static object[] Given(StandingZones zones, DateTimeOffset now) =>
        [zones.Campaigns, zones.Zones, zones.Purposes, zones.MaxAttempts, zones.Held, now];

    /// <summary>The leads due next, in the order of dialing, whatever is known of their numbers.</summary>
    public static Task<List<Lead>> DueLeads(
        this PacerDbContext db, Guid campaign, string[] zones, int most, DateTimeOffset now, CancellationToken cancel) => db.Leads.FromSql(
        $"""
        select l.* from leads l
        join unnest(array(select id from due_leads({campaign}, {zones}, {now}, {most}))) with ordinality as due(id, place) on due.id = l.id
        order by due.place
        """).AsNoTracking().ToListAsync(cancel);

    /// <summary>How many due leads of these zones are dialed before this one; counted up to a bound.</summary>
    public static Task<int> LeadsBefore(
        this PacerDbContext db, Lead lead, string[] zones, int most, DateTimeOffset now, CancellationToken cancel) => db.Database.SqlQuery<int>(
        $"""
        select coalesce((select place - 1 from unnest(array(
          select id from due_leads({lead.CampaignId}, {zones}, {now}, {most}))) with ordinality as due(id, place)
          where due.id = {lead.Id}), {most})::int as "Value"
        """).SingleAsync(cancel);
}
