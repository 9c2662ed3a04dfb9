using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Outdial.Platform;
using Outdial.Providers.Exotel;

namespace Outdial.Ingress.Api;

/// <summary>The addresses that a person enters in the provider's dashboard. They carry the account's token: whoever has them can report calls.</summary>
/// <param name="Passthru">For the flow's Passthru applets.</param>
/// <param name="Popup">For the popup of the flow's Connect applet.</param>
/// <param name="Dialed">For the Passthru behind the Connect applet of the agents' flow and of the flow that people call in to.</param>
/// <param name="Heartbeat">For the health of the account's numbers.</param>
/// <param name="ExpiresAt">New addresses are to be entered before then.</param>
public sealed record FlowAddresses(string Account, Uri Passthru, Uri Popup, Uri Dialed, Uri Heartbeat, DateTimeOffset ExpiresAt);

internal static class FlowAddressEndpoints
{
    /// <summary>A flow is set up by hand and rarely.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(5 * 365);

    public static void MapFlowAddresses(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/accounts/{account}/flow-addresses", Get)
        .RequireAuthorization(ApiPolicies.Admin)
        .WithTags("Webhooks")
        .WithSummary("The addresses to enter in the provider's dashboard, with the account's token");

    private static Results<Ok<FlowAddresses>, ProblemHttpResult> Get(
        string account, IOptions<ExotelAccounts> accounts, CallbackTokens tokens, TimeProvider clock)
    {
        if (!accounts.Value.ByName.TryGetValue(account, out var known))
            return ApiProblem.NotFound("account", account);
        var expires = clock.GetUtcNow() + Life;
        var token = tokens.Issue(new CallbackClaims(null, account, expires));
        var root = new Uri(known.CallbackBaseAddress!.TrimEnd('/') + "/");
        return TypedResults.Ok(new FlowAddresses(account, Address("passthru"), Address("popup"), Address("dialed"), Address("heartbeat"), expires));

        Uri Address(string kind) => new(root, $"webhooks/{ExotelAccount.ProviderName}/{token}/{kind}");
    }
}
