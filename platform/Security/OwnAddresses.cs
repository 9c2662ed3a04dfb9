using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Outdial.Platform;

/// <summary>What a request's user carries besides name and role.</summary>
public static class ApiClaims
{
    /// <summary>The agent that the key is tied to.</summary>
    public const string Agent = "agent";

    /// <summary>The address the request came from, as the gateway saw it.</summary>
    public const string Client = "client";

    /// <summary>The agent that the user's key is tied to; null: none.</summary>
    public static Guid? AgentId(this ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(Agent), out var agent) ? agent : null;
}

/// <summary>
/// A key that is tied to an agent opens that agent's own addresses and no others, whatever its role would allow. It stands beside every
/// policy, so no endpoint can forget it.
/// </summary>
internal sealed class OwnAddresses : IAuthorizationHandler
{
    private const string Agents = "/api/v1/agents";

    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.Resource is HttpContext http && !Allow(context.User, http.Request.Path))
            context.Fail(new AuthorizationFailureReason(this, "The key is tied to an agent."));
        return Task.CompletedTask;
    }

    /// <summary>True for a user whose key is not tied, and for <c>/api/v1/agents/{id}</c> and what lies under it with the key's own agent.</summary>
    public static bool Allow(ClaimsPrincipal user, PathString path)
    {
        if (user.FindFirstValue(ApiClaims.Agent) is null)
            return true;
        return path.StartsWithSegments(Agents, StringComparison.OrdinalIgnoreCase, out var rest)
            && rest.Value!.Split('/') is ["", var id, ..]
            && Guid.TryParse(id, out var asked) && asked == user.AgentId();
    }
}
