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
}

internal sealed record HopperCounts(int Offered, DateTimeOffset? Since, int DialedLastMinute);
