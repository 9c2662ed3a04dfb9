using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls;

/// <summary>
/// The addresses to enter in the provider's dashboard. Each carries a token of its own: whoever has <paramref name="DialWhom"/> can ask for numbers.
/// </summary>
/// <param name="DialWhom">For the primary URL of Connect applets.</param>
/// <param name="Stay">For the Passthru on the branch "we didn't dial anyone": 200 goes on to music and back, 302 to hanging up.</param>
/// <param name="Addresses">All of them, older ones too, with their last use; newest first.</param>
internal sealed record DialWhomAddresses(string Account, Uri? DialWhom, Uri? Stay, IReadOnlyList<AccountAddressView> Addresses);

/// <summary>
/// What Connect applets ask. An answer always comes, and in time: whatever goes wrong, the provider hears "nobody", never an error
/// page, because an error ends an agent's line.
/// </summary>
internal static class DialWhomEndpoints
{
    private static readonly CallbackPurpose[] Purposes = [CallbackPurpose.DialWhom, CallbackPurpose.Stay];

    public static void MapDialWhom(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dialwhom/exotel/{token}", Ask).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/dialwhom/exotel/{token}/stay", Stay).AllowAnonymous().ExcludeFromDescription();
        // Those who look whether the address is there, and browsers that ask what it takes: nobody is dialed for them.
        routes.MapMethods("/dialwhom/exotel/{token}", [HttpMethods.Head, HttpMethods.Options], Probe).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/dialwhom/exotel/{token}/stay", [HttpMethods.Head, HttpMethods.Options], Probe).AllowAnonymous().ExcludeFromDescription();
        var addresses = routes.MapApi("/accounts/{account}/dialwhom-addresses").RequireAuthorization(ApiPolicies.Admin).WithTags("DialWhom");
        addresses.MapGet("/", Addresses).WithSummary("The addresses to enter in the provider's dashboard, each with a token of its own, and when each was used last");
        addresses.MapCallbackAddresses<RouterDbContext>();
    }

    private static IResult Probe(string token, HttpContext http, CallbackAddresses<RouterDbContext> addresses, ProviderAccess access)
    {
        var stays = http.Request.Path.Value!.TrimEnd('/').EndsWith("/stay", StringComparison.OrdinalIgnoreCase);
        var opens = stays ? CallbackPurposes.Stay : CallbackPurposes.DialWhom;
        if (!addresses.TryRead(token, opens, out var claims, out var refusal))
            return refusal.Answer();
        if (HttpMethods.IsHead(http.Request.Method) && access.Refuse(http, claims.Account) is { } refused)
            return refused;
        http.Response.Headers.Allow = "GET, HEAD, OPTIONS";
        return HttpMethods.IsHead(http.Request.Method) ? TypedResults.Ok() : TypedResults.NoContent();
    }

    private static async Task<IResult> Ask(
        string token, HttpContext http, CallbackAddresses<RouterDbContext> addresses, CallbackEchoes echoes, ProviderAccess access,
        AccountSettings accounts, NumberDoors doors, IServiceScopeFactory scopes,
        IOptions<RouterOptions> options, AwaitedCallers awaited, RouterMetrics metrics, TimeProvider clock, ILogger<AllCalls> log)
    {
        if (!addresses.TryRead(token, CallbackPurposes.DialWhom, out var claims, out var refusal))
            return refusal.Answer();
        if (access.Refuse(http, claims.Account) is { } refused)
            return refused;
        var started = Stopwatch.GetTimestamp();
        var request = DialWhomQuery.Read(http.Request, claims.Account, accounts.Find(claims.Account), doors.Home(claims.Account), echoes,
            clock.GetUtcNow());
        DialWhomAnswer answer;
        try
        {
            // Not the request's own token: a lead that was drawn for a caller who went away is kept for when it asks again.
            using var time = new CancellationTokenSource(options.Value.AnswerWithin, TimeProvider.System);
            answer = await awaited.Answer(() => Answer(scopes, request, time.Token), time.Token) ?? DialWhomAnswer.Nobody(request.WantsJson, "unknown");
        }
        catch (Exception e)
        {
            log.DialWhomFailed(request.CallId, e);
            answer = DialWhomAnswer.Nobody(request.WantsJson, "failed");
        }
        metrics.DialWhom(answer.Result, Stopwatch.GetElapsedTime(started));
        return TypedResults.Text(answer.Body(), answer.Json ? "application/json" : "text/plain");
    }

    private static async Task<IResult> Stay(
        string token, HttpContext http, CallbackAddresses<RouterDbContext> addresses, CallbackEchoes echoes, ProviderAccess access,
        AccountSettings accounts, NumberDoors doors, IServiceScopeFactory scopes,
        IOptions<RouterOptions> options, TimeProvider clock, ILogger<AllCalls> log)
    {
        if (!addresses.TryRead(token, CallbackPurposes.Stay, out var claims, out var refusal))
            return refusal.Answer();
        if (access.Refuse(http, claims.Account) is { } refused)
            return refused;
        var request = DialWhomQuery.Read(http.Request, claims.Account, accounts.Find(claims.Account), doors.Home(claims.Account), echoes,
            clock.GetUtcNow());
        try
        {
            using var time = new CancellationTokenSource(options.Value.AnswerWithin, TimeProvider.System);
            return TypedResults.StatusCode(await Stays(scopes, request, time.Token) == true ? StatusCodes.Status200OK : StatusCodes.Status302Found);
        }
        catch (Exception e)
        {
            log.DialWhomFailed(request.CallId, e);
            return TypedResults.StatusCode(StatusCodes.Status200OK);   // we do not know: the line is kept, and asks again
        }
    }

    private static async Task<DialWhomAnswer?> Answer(IServiceScopeFactory scopes, DialWhomRequest request, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AllCalls>().Answer(request, cancel);
    }

    private static async Task<bool?> Stays(IServiceScopeFactory scopes, DialWhomRequest request, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AllCalls>().Stays(request, cancel);
    }

    private static async Task<Results<Ok<DialWhomAddresses>, ProblemHttpResult>> Addresses(
        string account, AccountSettings accounts, CallbackAddresses<RouterDbContext> addresses, HttpContext http, CancellationToken cancel)
    {
        if (accounts.Find(account) is not { } known)
            return ApiProblem.NotFound("account", account);
        var all = await addresses.OfAsync(account, Purposes, CallbackAddressEndpoints.NameOf(http.User), cancel);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new DialWhomAddresses(
            account, Current(CallbackPurpose.DialWhom), Current(CallbackPurpose.Stay),
            [.. all.Select(each => AccountAddressView.Of(each, Of(each)))]));

        Uri? Current(CallbackPurpose purpose) =>
            all.FirstOrDefault(each => each.Purpose == purpose && each.RevokedAt is null) is { } current ? Of(current) : null;

        Uri Of(AccountAddress address) =>
            new(known.PublicAddress, $"dialwhom/exotel/{addresses.TokenOf(address)}{(address.Purpose == CallbackPurpose.Stay ? "/stay" : "")}");
    }
}
