using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Data;
using Outdial.Pacer.Pacing;
using Outdial.Platform;

namespace Outdial.Pacer.Hopper;

/// <summary>What waits in a campaign's hopper, and why the other leads are not in it.</summary>
public static class HopperEndpoints
{
    public static void MapHopper(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/campaigns/{id:guid}/hopper", Get).WithTags("Hopper").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("How many leads are offered to agents, how many should be, and why the others wait");

    private static async Task<Results<Ok<HopperView>, ProblemHttpResult>> Get(
        Guid id, PacerDbContext db, AgentSessions sessions, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == id, cancel) is not { } campaign)
            return ApiProblem.NotFound("campaign", id);
        if (!CampaignModes.IsAgentFirst(campaign.Mode))
        {
            return ApiProblem.Of(
                StatusCodes.Status404NotFound,
                $"A {campaign.Mode} campaign has no hopper: only progressive and preview campaigns offer leads to agents' lines.");
        }

        var now = clock.GetUtcNow();
        var agents = await sessions.Count(id, AgentReach.Line, campaign.Rules.Agents!.Skill, now, cancel);
        var counts = await Offered(db, id, now, cancel);
        var facts = new HopperFacts(agents.AtWork, agents.SignedIn, campaign.Rules.Agents!.HopperPerAgent, counts.Offered)
        {
            Share = await sessions.Share(id, campaign.Rules.Agents.Skill, now, cancel),
        };
        var waiting = HopperWords.Classify(await Waiting(db, id, now, cancel), campaign.Rules, now);
        return TypedResults.Ok(new HopperView(
            id, campaign.Mode, campaign.State, counts.Offered, HopperRule.Target(facts, counts.DialedLastMinute), agents, counts.Since,
            HopperWords.Sentence(counts.Offered, campaign.State, campaign.PauseReason, agents, waiting, now), waiting));
    }

    private static Task<Counts> Offered(PacerDbContext db, Guid campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var minuteAgo = now - TimeSpan.FromMinutes(1);
        return db.Database.SqlQuery<Counts>(
            $"""
            select count(*) filter (where state = 'Offered')::int as offered, min(offered_at) filter (where state = 'Offered') as since,
              count(*) filter (where dialed and requested_at > {minuteAgo})::int as dialed_last_minute
            from attempts where campaign_id = {campaign} and (state = 'Offered' or requested_at > {minuteAgo})
            """).SingleAsync(cancel);
    }

    /// <summary>Counted in groups, so that the answer stays small for a list of any length.</summary>
    private static Task<List<WaitingLeads>> Waiting(PacerDbContext db, Guid campaign, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.SqlQuery<WaitingLeads>(
            $"""
            select l.reason, coalesce(n.circle, l.time_zone) as "where", l.time_zone, min(l.due_at) as next_at, count(*)::int as count
            from leads l left join numbers n on n.number = l.number
            where l.campaign_id = {campaign} and l.state = 'Waiting' group by 1, 2, 3, l.due_at <= {now}
            """).ToListAsync(cancel);

    private sealed record Counts(int Offered, DateTimeOffset? Since, int DialedLastMinute);
}
