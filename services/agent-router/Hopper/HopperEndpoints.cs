using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.Platform;

namespace Outdial.AgentRouter.Hopper;

/// <summary>What is in the hopper, and what became of what was.</summary>
public static class HopperEndpoints
{
    public static void MapHopper(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/campaigns/{id:guid}/hopper/leads", List).WithTags("Hopper").RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("Leads of the campaign's hopper: those that wait in the order of dialing, then those at hand; state=… asks for others");

    private static async Task<Results<Ok<List<HopperLeadView>>, ProblemHttpResult>> List(
        Guid id, string? state, int? limit, RouterDbContext db, CancellationToken cancel)
    {
        string[] known = [HopperStates.Waiting, HopperStates.Shown, HopperStates.Taken, HopperStates.Over, HopperStates.Returned];
        if (state is not null && !known.Contains(state))
            return ApiProblem.Invalid("state", state, $"one of {string.Join(", ", known)}");
        if (!await db.Campaigns.AnyAsync(c => c.Id == id, cancel))
            return ApiProblem.NotFound("campaign with agents", id);
        string[] wanted = state is null ? [HopperStates.Waiting, HopperStates.Shown, HopperStates.Taken] : [state];
        var leads = await db.Hopper.AsNoTracking().Where(h => h.CampaignId == id && wanted.Contains(h.State) && h.Number != "")
            .OrderByDescending(h => h.State == HopperStates.Waiting).ThenByDescending(h => h.Priority).ThenBy(h => h.DueAt).ThenBy(h => h.AttemptId)
            .Take(Math.Clamp(limit ?? 100, 1, 1000)).ToListAsync(cancel);
        return TypedResults.Ok(leads.ConvertAll(HopperLeadView.Of));
    }
}

/// <param name="DialUntil">Not dialed from then on; it goes back.</param>
/// <param name="AgentId">Only this agent dials it.</param>
/// <param name="DialedBy">The agent whose line got it.</param>
public sealed record HopperLeadView(
    Guid AttemptId, Guid LeadId, string Number, string CallerId, int Priority, DateTimeOffset DueAt, DateTimeOffset DialUntil, string State, Guid? AgentId,
    Guid? DialedBy, DateTimeOffset OfferedAt, DateTimeOffset? TakenAt, DateTimeOffset? AnsweredAt, string? Outcome, string? ToldOutcome, string? ReturnedReason)
{
    public static HopperLeadView Of(HopperLead h) => new(
        h.AttemptId, h.LeadId, h.Number, h.CallerId, h.Priority, h.DueAt, h.DialUntil, h.State, h.AgentId, h.DialedBy, h.OfferedAt, h.TakenAt, h.AnsweredAt,
        h.Outcome, h.ToldOutcome, h.ReturnedReason);
}
