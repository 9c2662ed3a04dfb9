using Microsoft.AspNetCore.Http.HttpResults;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Inbound;

public static class InboundEndpoints
{
    public static void MapInboundExplanation(this IEndpointRouteBuilder routes) => routes
        .MapGet("/inbound/explain", Explain).WithTags("Trunks").RequireAuthorization(ApiPolicies.Read)
        .WithSummary("How a call from one number to another would be routed now, and everything that is wrong with it, in words");

    private static async Task<Results<Ok<InboundExplanation>, ProblemHttpResult>> Explain(string? from, string? to, InboundExplainer explainer, CancellationToken cancel)
    {
        if (!PhoneNumber.TryParse(from, "IN", out var caller, out var expected))
            return ApiProblem.Invalid("from", from is null ? null : Masked.Text(from), expected);
        if (!PhoneNumber.TryParse(to, "IN", out var did, out expected))
            return ApiProblem.Invalid("to", to, expected);
        return TypedResults.Ok(await explainer.Explain(caller, did, cancel));
    }
}
