using Microsoft.AspNetCore.Http.HttpResults;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Trunks;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls.Inbound;

internal static class InboundEndpoints
{
    public static void MapInboundExplanation(this IEndpointRouteBuilder routes) => routes
        .MapGet("/inbound/explain", Explain).WithTags("Trunks").RequireAuthorization(ApiPolicies.Read)
        .WithSummary("How a call from one number to another would be routed now, and everything that is wrong with it, in words");

    private static async Task<Results<Ok<InboundExplanation>, ProblemHttpResult>> Explain(
        string? from, string? to, InboundExplainer explainer, RouterDbContext db, WrittenNumbers written, CancellationToken cancel)
    {
        (from, to) = (NumberDoors.OfQuery(from), NumberDoors.OfQuery(to));
        // Ours first: the account that it belongs to tells in which country the caller's number is read.
        var ours = await db.Written(written, to, cancel);
        var (did, expected) = (ours.FirstOrDefault()?.Number, "");
        if (ours.Count > 1)
            return ApiProblem.Invalid("to", to, NumberRegions.ExpectedOf(ours.Select(each => (each.Number, PhoneNumber.Region(each.Number)))));
        if (did is null && !(await written.InUse(cancel)).TryParse(to, out did, out expected))
            return ApiProblem.Invalid("to", to, expected);
        var regions = ours is [var one] ? await written.OfAccount(one.Account, cancel) : await written.InUse(cancel);
        return regions.TryParse(from, out var caller, out expected)
            ? TypedResults.Ok(await explainer.Explain(caller, did, cancel))
            : ApiProblem.Invalid("from", from is null ? null : Masked.Text(from), expected);
    }
}
