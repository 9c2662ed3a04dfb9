using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Outdial.Ingress.Data;
using Outdial.Platform;
using Outdial.Providers.Exotel;
using Outdial.Providers.PortaSwitch;

namespace Outdial.Ingress.Api;

/// <summary>
/// The addresses that a person enters at the provider. Each carries a token of its own: whoever has it can report calls whose ids he knows.
/// </summary>
/// <param name="Passthru">For the flow's Passthru applets.</param>
/// <param name="Popup">For the popup of the flow's Connect applet.</param>
/// <param name="Dialed">For the Passthru behind the Connect applet of the agents' flow and of the flow that people call in to.</param>
/// <param name="Heartbeat">For the health of the account's numbers.</param>
/// <param name="Events">For all call events of the account, at a provider that sends them to one address.</param>
/// <param name="Addresses">All of them, older ones too, with their last use; newest first.</param>
internal sealed record FlowAddresses(
    string Account, Uri? Passthru, Uri? Popup, Uri? Dialed, Uri? Heartbeat, Uri? Events, IReadOnlyList<AccountAddressView> Addresses);

internal static class FlowAddressEndpoints
{
    private static readonly CallbackPurpose[] OfExotel =
        [CallbackPurpose.Passthru, CallbackPurpose.Popup, CallbackPurpose.Dialed, CallbackPurpose.Heartbeat];
    private static readonly CallbackPurpose[] OfPortaSwitch = [CallbackPurpose.Events];

    public static void MapFlowAddresses(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapApi("/accounts/{account}/flow-addresses").RequireAuthorization(ApiPolicies.Admin).WithTags("Webhooks");
        group.MapGet("/", Get).WithSummary("The addresses to enter at the provider, each with a token of its own, and when each was used last");
        group.MapCallbackAddresses<IngressDbContext>();
    }

    private static async Task<Results<Ok<FlowAddresses>, ProblemHttpResult>> Get(
        string account, IOptions<ExotelAccounts> exotel, IOptions<PortaSwitchAccounts> porta, CallbackAddresses<IngressDbContext> addresses,
        HttpContext http, CancellationToken cancel)
    {
        var (provider, root, purposes) =
            exotel.Value.ByName.TryGetValue(account, out var flows) ? (ExotelAccount.ProviderName, flows.CallbackBaseAddress, OfExotel)
            : porta.Value.ByName.TryGetValue(account, out var calls) ? (PortaSwitchAccount.ProviderName, calls.CallbackBaseAddress, OfPortaSwitch)
            : ("", null, []);
        if (purposes.Length == 0)
            return ApiProblem.NotFound("account", account);

        var known = await addresses.OfAsync(account, purposes, CallbackAddressEndpoints.NameOf(http.User), cancel);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new FlowAddresses(
            account, Current(CallbackPurpose.Passthru), Current(CallbackPurpose.Popup), Current(CallbackPurpose.Dialed),
            Current(CallbackPurpose.Heartbeat), Current(CallbackPurpose.Events), [.. known.Select(View)]));

        Uri? Current(CallbackPurpose purpose) =>
            known.FirstOrDefault(each => each.Purpose == purpose && each.RevokedAt is null) is { } current ? Of(current) : null;

        Uri Of(AccountAddress address) =>
            new(new Uri(root!.TrimEnd('/') + "/"), $"webhooks/{provider}/{addresses.TokenOf(address)}/{address.Purpose.ToString().ToLowerInvariant()}");

        AccountAddressView View(AccountAddress address) => AccountAddressView.Of(address, Of(address));
    }
}
