using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Missed;

/// <summary>Who called us and reached nobody, and whether and why they are called back.</summary>
public static class MissedCallEndpoints
{
    public static void MapMissedCalls(this IEndpointRouteBuilder routes) => routes
        .MapGet("/missed-calls", List).WithTags("Leads").RequireAuthorization(ApiPolicies.Read)
        .WithSummary("Customers who reached nobody, newest first, and what became of it and why; state=Waiting, Promised or Refused; page on with after=<last id>");

    private static async Task<Results<Ok<List<MissedCall>>, ProblemHttpResult>> List(
        string? state, Guid? campaign, Guid? after, int? limit, HttpContext http, PacerDbContext db, CancellationToken cancel)
    {
        if (state is not null && !MissedCallStates.All.Contains(state))
            return ApiProblem.Invalid("state", state, $"one of {string.Join(", ", MissedCallStates.All)}");
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        return TypedResults.Ok(await db.MissedCalls.AsNoTracking()
            .Where(m => (state == null || m.State == state) && (campaign == null || m.CampaignId == campaign) && (after == null || m.Id < after))
            .OrderByDescending(m => m.Id).PageAsync(http, limit, m => m.Id, cancel));
    }
}
