using System.Text.Json;
using Outdial.Gateway.Forwarding;
using Outdial.Gateway.Routing;
using Outdial.Platform;

namespace Outdial.Gateway.Invariants;

/// <summary>What must never be so, over all services.</summary>
/// <param name="Ok">No violation anywhere, and every service answered: what cannot be asked is not known to hold.</param>
/// <param name="Unanswered">The services that did not answer.</param>
/// <param name="Invariants">As the services said it.</param>
public sealed record AllInvariantsAnswer(bool Ok, DateTimeOffset CheckedAt, IReadOnlyList<string> Unanswered, IReadOnlyList<JsonElement> Invariants);

/// <summary>Puts the services' answers at <c>/api/v1/invariants</c> together. One replica of each is enough: they look at the same rows.</summary>
internal sealed class AllInvariants(AnyReplica services, TimeProvider clock)
{
    public const string Path = "/api/v1/invariants";

    /// <summary>Asks all services at the same time, in the name of whoever asks the gateway.</summary>
    public async Task<AllInvariantsAnswer> AskAsync(HttpContext context, CancellationToken cancel)
    {
        var who = Headers.Who(context, LaneKind.Api);
        var answers = await Task.WhenAll(services.Services.Select(async service =>
            (Service: service, Said: await services.GetAsync<Said>(service, Path, who, context.CorrelationId(), cancel))));
        var unanswered = answers.Where(answer => answer.Said is null).Select(answer => answer.Service).ToList();
        return new(
            unanswered.Count == 0 && answers.All(answer => answer.Said!.Ok),
            clock.GetUtcNow(),
            unanswered,
            [.. answers.SelectMany(answer => answer.Said?.Invariants ?? [])]);
    }

    private sealed record Said(bool Ok, IReadOnlyList<JsonElement> Invariants);
}

internal static class AllInvariantsEndpoint
{
    public static void MapAllInvariants(this IEndpointRouteBuilder routes) =>
        routes.MapApi().MapGet("/invariants", async (AllInvariants invariants, HttpContext http, CancellationToken cancel) =>
                TypedResults.Ok(await invariants.AskAsync(http, cancel)))
            .RequireAuthorization(ApiPolicies.Read).WithTags("Invariants").WithSummary("What must never be so, asked of all services now");
}
