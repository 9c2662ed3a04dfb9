using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Accounts;
using Outdial.AgentRouter.Telemetry;
using Outdial.Platform;

namespace Outdial.AgentRouter.DialWhom;

/// <summary>The addresses to enter in the provider's dashboard. They carry the account's token: whoever has them can ask for numbers.</summary>
/// <param name="DialWhom">For the primary URL of Connect applets.</param>
/// <param name="Stay">For the Passthru on the branch "we didn't dial anyone": 200 goes on to music and back, 302 to hanging up.</param>
/// <param name="ExpiresAt">New addresses are to be entered before then.</param>
public sealed record DialWhomAddresses(string Account, Uri DialWhom, Uri Stay, DateTimeOffset ExpiresAt);

/// <summary>
/// What Connect applets ask. An answer always comes, and in time: whatever goes wrong, the provider hears "nobody", never an error
/// page, because an error ends an agent's line.
/// </summary>
public static class DialWhomEndpoints
{
    /// <summary>A flow is set up by hand and rarely.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(5 * 365);

    public static void MapDialWhom(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dialwhom/exotel/{token}", Ask).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/dialwhom/exotel/{token}/stay", Stay).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/api/v1/accounts/{account}/dialwhom-addresses", Addresses).RequireAuthorization(ApiPolicies.Admin).WithTags("DialWhom")
            .WithSummary("The addresses to enter in the provider's dashboard, with the account's token");
    }

    private static async Task<IResult> Ask(
        string token, HttpContext http, CallbackTokens tokens, ProviderAccess access, AccountSettings accounts, IServiceScopeFactory scopes, IOptions<RouterOptions> options,
        RouterMetrics metrics, TimeProvider clock, ILogger<LineDesk> log)
    {
        if (!tokens.TryRead(token, out var claims, out _))
            return NotOurs();
        if (access.Refuse(http, claims.Account) is { } refused)
            return refused;
        var started = Stopwatch.GetTimestamp();
        var request = DialWhomQuery.Read(http.Request, claims.Account, accounts.Find(claims.Account), clock.GetUtcNow());
        DialWhomAnswer answer;
        try
        {
            // Not the request's own token: a lead that was drawn for a caller who went away is kept for when it asks again.
            using var time = new CancellationTokenSource(options.Value.AnswerWithin);
            answer = await Answer(scopes, request, time.Token) ?? DialWhomAnswer.Nobody(request.WantsJson, "unknown");
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
        string token, HttpContext http, CallbackTokens tokens, ProviderAccess access, AccountSettings accounts, IServiceScopeFactory scopes, IOptions<RouterOptions> options,
        TimeProvider clock, ILogger<LineDesk> log)
    {
        if (!tokens.TryRead(token, out var claims, out _))
            return NotOurs();
        if (access.Refuse(http, claims.Account) is { } refused)
            return refused;
        var request = DialWhomQuery.Read(http.Request, claims.Account, accounts.Find(claims.Account), clock.GetUtcNow());
        try
        {
            using var time = new CancellationTokenSource(options.Value.AnswerWithin);
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
        if (await scope.ServiceProvider.GetRequiredService<LineDesk>().Answer(request, cancel) is { } answer)
            return answer;
        foreach (var route in scope.ServiceProvider.GetServices<ICallerRoute>())
        {
            if (await route.AnswerAsync(request, cancel) is { } other)
                return other;
        }
        return null;
    }

    private static async Task<bool?> Stays(IServiceScopeFactory scopes, DialWhomRequest request, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<LineDesk>().Stays(request, cancel) is { } stays)
            return stays;
        foreach (var route in scope.ServiceProvider.GetServices<ICallerRoute>())
        {
            if (await route.StaysAsync(request, cancel) is { } other)
                return other;
        }
        return null;
    }

    private static ProblemHttpResult NotOurs() => ApiProblem.Of(StatusCodes.Status401Unauthorized, "The token of this address is not ours, or has expired.");

    private static Results<Ok<DialWhomAddresses>, ProblemHttpResult> Addresses(
        string account, AccountSettings accounts, CallbackTokens tokens, TimeProvider clock)
    {
        if (accounts.Find(account) is not { } known)
            return ApiProblem.NotFound("account", account);
        var expires = clock.GetUtcNow() + Life;
        var token = tokens.Issue(new CallbackClaims(null, account, expires));
        return TypedResults.Ok(new DialWhomAddresses(
            account, new(known.PublicAddress, $"dialwhom/exotel/{token}"), new(known.PublicAddress, $"dialwhom/exotel/{token}/stay"), expires));
    }
}
