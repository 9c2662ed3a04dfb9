using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Hopper;

/// <summary>What the hopper's view counts.</summary>
internal static class HopperStatements
{
    public static Task<HopperCounts> CountHopper(this PacerDbContext db, Guid campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var minuteAgo = now - TimeSpan.FromMinutes(1);
        return db.Database.SqlQuery<HopperCounts>(
            $"""
            select count(*) filter (where state = 'Offered')::int as offered, min(offered_at) filter (where state = 'Offered') as since,
              count(*) filter (where dialed and requested_at > {minuteAgo})::int as dialed_last_minute
            from attempts where campaign_id = {campaign} and (state = 'Offered' or requested_at > {minuteAgo})
            """).SingleAsync(cancel);
    }

    /// <summary>Counted in groups, so that the answer stays small for a list of any length.</summary>
    public static Task<List<WaitingLeads>> CountWaitingLeads(this PacerDbContext db, Guid campaign, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.SqlQuery<WaitingLeads>(
            $"""
            select l.reason, coalesce(n.circle, l.time_zone) as "where", l.time_zone, min(l.due_at) as next_at, count(*)::int as count
            from leads l left join numbers n on n.number = l.number
            where l.campaign_id = {campaign} and l.state = 'Waiting' group by 1, 2, 3, l.due_at <= {now}
            """).ToListAsync(cancel);
}

internal sealed record HopperCounts(int Offered, DateTimeOffset? Since, int DialedLastMinute);
