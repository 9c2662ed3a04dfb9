using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Pulse;

/// <summary>How many of a kind there are.</summary>
internal sealed record Standing(string Word, int Count);

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
}
