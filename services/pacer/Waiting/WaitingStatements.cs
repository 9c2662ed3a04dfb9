using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.Waiting;

/// <summary>Waiting leads as they are counted: by what their rows say.</summary>
/// <param name="NextAt">When the first of them is due.</param>
internal sealed record WaitingRows(string Reason, string Where, string TimeZone, bool IsDue, DateTimeOffset NextAt, int Count);

/// <summary>The statements behind "what does it wait for".</summary>
internal static class WaitingStatements
{
    /// <summary>In groups, so that the answer stays small for a list of any length. Due leads say what lists and tries alone decide.</summary>
    /// <param name="but">Not these.</param>
    public static Task<List<WaitingRows>> CountWaitingLeads(
        this PacerDbContext db, Guid campaign, string purpose, int maxAttempts, Guid[] but, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.SqlQuery<WaitingRows>(
            $"""
            select case when l.due_at > {now} then l.reason
                when l.withdrawal is not null then {LeadReasons.Withdrawn}
                when exists (select from suppressions s where s.number = l.number and s.scope in ('all', {purpose})) then {LeadReasons.OptedOut}
                when l.tries - coalesce(r.tries_before, 0) >= {maxAttempts} and l.call_back_at is null then {LeadReasons.TriesUsed}
                else {LeadReasons.InQueue} end as reason,
              coalesce(n.circle, l.time_zone) as "where", l.time_zone, l.due_at <= {now} as is_due, min(l.due_at) as next_at, count(*)::int as count
            from leads l left join numbers n on n.number = l.number left join recycled_leads r on r.lead_id = l.id
            where l.campaign_id = {campaign} and l.state = 'Waiting' and l.id <> all({but}) group by 1, 2, 3, 4
            """).ToListAsync(cancel);

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
