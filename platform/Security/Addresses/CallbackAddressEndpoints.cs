using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Outdial.Platform;

/// <summary>Registration of <see cref="CallbackAddresses{TDb}"/>, and the two verbs that every service has for its addresses.</summary>
public static class CallbackAddressEndpoints
{
    private static readonly TimeSpan UsualOverlap = TimeSpan.FromDays(7);

    /// <summary>Adds <see cref="CallbackAddresses{TDb}"/>; the service's database needs the table <c>callback_addresses</c>.</summary>
    public static IHostApplicationBuilder AddCallbackAddresses<TDb>(this IHostApplicationBuilder builder)
        where TDb : DbContext
    {
        builder.AddCallbackTokens();
        builder.Services.TryAddSingleton<CallbackAddresses<TDb>>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CallbackAddresses<TDb>>());
        return builder;
    }

    /// <summary>
    /// Below the group's prefix, with <c>{account}</c> in it: <c>POST /{id}/rotate</c> puts a new address in the place of one, <c>DELETE /{id}</c>
    /// ends one at once. Admins only.
    /// </summary>
    public static void MapCallbackAddresses<TDb>(this RouteGroupBuilder group)
        where TDb : DbContext
    {
        group.MapPost("/{id:guid}/rotate", Rotate<TDb>).WithSummary("A new address in the place of this one, which works on for the overlap (7 days when none is given)");
        group.MapDelete("/{id:guid}", Revoke<TDb>).WithSummary("Refuse this address from now on; the next listing makes a new one in its place");
    }

    /// <summary>The name of the key that the request came with.</summary>
    public static string NameOf(ClaimsPrincipal user) => user.Identity?.Name ?? "unknown";

    private static async Task<Results<NoContent, ProblemHttpResult>> Rotate<TDb>(
        string account, Guid id, RotateAddressRequest? request, CallbackAddresses<TDb> addresses, ClaimsPrincipal user, CancellationToken cancel)
        where TDb : DbContext
    {
        var overlap = request?.Overlap ?? UsualOverlap;
        if (overlap < TimeSpan.Zero || overlap > RotateAddressRequest.LongestOverlap)
            return ApiProblem.Invalid("overlap", overlap.ToString(), "a duration from \"00:00:00\" to \"90.00:00:00\"");
        return await addresses.RotateAsync(account, id, overlap, NameOf(user), cancel) ? TypedResults.NoContent() : NoneCurrent(account, id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke<TDb>(
        string account, Guid id, CallbackAddresses<TDb> addresses, ClaimsPrincipal user, CancellationToken cancel)
        where TDb : DbContext =>
        await addresses.RevokeAsync(account, id, NameOf(user), cancel)
            ? TypedResults.NoContent()
            : ApiProblem.NotFound($"address of the account '{account}' with the id", id);

    private static ProblemHttpResult NoneCurrent(string account, Guid id) =>
        ApiProblem.Of(StatusCodes.Status404NotFound, $"The account '{account}' has no current address {id}: there is none, or it was rotated or revoked.");
}
