using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Data;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Waiting;
using Outdial.Platform;

namespace Outdial.Pacer.Hopper;

/// <summary>What waits in a campaign's hopper, and why the other leads are not in it.</summary>
internal static class HopperEndpoints
{
    public static void MapHopper(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/campaigns/{id:guid}/hopper", Get).WithTags("Hopper").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("How many leads are offered to agents, how many should be, and why the others wait");

    private static async Task<Results<Ok<HopperView>, ProblemHttpResult>> Get(
        Guid id, PacerDbContext db, AgentSessions sessions, WhyWaiting why, TimeProvider clock, CancellationToken cancel)
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
        var counts = await db.CountHopper(id, now, cancel);
        var facts = new HopperFacts(agents.AtWork, agents.SignedIn, campaign.Rules.Agents!.HopperPerAgent, counts.Offered)
        {
            Share = await sessions.Share(id, campaign.Rules.Agents.Skill, now, cancel),
        };
        var (waiting, _) = await why.Of(campaign, now, cancel);
        return TypedResults.Ok(new HopperView(
            id, campaign.Mode, campaign.State, counts.Offered, HopperRule.Target(facts, counts.DialedLastMinute), agents, counts.Since,
            HopperWords.Sentence(counts.Offered, campaign.State, campaign.PauseReason, agents, waiting, now), waiting));
    }
}
