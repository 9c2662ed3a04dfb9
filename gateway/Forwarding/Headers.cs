using System.Security.Claims;
using Microsoft.Net.Http.Headers;
using Outdial.Gateway.Routing;
using Outdial.Platform;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Outdial.Gateway.Forwarding;

/// <summary>
/// What a service hears about who asks: the gateway's statement and nothing that the sender said of itself. <c>X-Forwarded-*</c> are YARP's
/// own, which replace those that came from outside.
/// </summary>
internal sealed class Headers(IdentityStatements statements) : ITransformProvider
{
    // What a sender could pass itself off with, and the secrets that are of no use beyond this point.
    private static readonly string[] NotPassedOn =
        [IdentityStatements.HeaderName, "X-Api-Key", HeaderNames.Authorization, "Forwarded", "X-Real-IP", CorrelationIds.HeaderName];

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        var to = Destined.Of(context.Route);
        context.AddRequestTransform(request =>
        {
            var headers = request.ProxyRequest.Headers;
            foreach (var name in NotPassedOn)
                headers.Remove(name);
            headers.TryAddWithoutValidation(CorrelationIds.HeaderName, request.HttpContext.CorrelationId());
            if (Who(request.HttpContext, to.Lane) is { } who)
                headers.TryAddWithoutValidation(IdentityStatements.HeaderName,
                    statements.Issue(who, request.HttpContext.Request.Method.ToUpperInvariant(), request.HttpContext.Request.Path.Value!));
            return default;
        });
        if (to.Lane is LaneKind.Webhook or LaneKind.DialWhom)
            context.AddRequestTransform(request =>
            {
                // To the letter: what is odd in a query is for whoever reads it, not to be mended on the way. The path is written anew.
                request.ProxyRequest.RequestUri = new Uri(
                    $"{request.DestinationPrefix.TrimEnd('/')}{request.Path.ToUriComponent()}{request.HttpContext.Request.QueryString.Value}",
                    new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
                return default;
            });
        if (to.Lane == LaneKind.Stream)
            context.AddResponseTransform(async response =>
            {
                // The proxy keeps the headers back until there is something of the body; a stream may be silent for long.
                if (response.ProxyResponse is { IsSuccessStatusCode: true })
                    await response.HttpContext.Response.Body.FlushAsync(response.HttpContext.RequestAborted);
            });
        if (to.Lane == LaneKind.Webhook)
            context.AddResponseTransform(response =>
            {
                // An ingress that can keep nothing now; another one has a spool of its own.
                if (response.ProxyResponse is { StatusCode: System.Net.HttpStatusCode.ServiceUnavailable })
                {
                    response.SuppressResponseBody = true;
                    Attempts.Decline(response.HttpContext);
                }
                return default;
            });
    }

    /// <summary>Whom the gateway vouches for; null: nobody.</summary>
    internal static StatedIdentity? Who(HttpContext context, LaneKind lane)
    {
        var client = context.Connection.RemoteIpAddress?.ToString();
        if (lane is LaneKind.DialWhom or LaneKind.Webhook)
            return new(new("provider", ApiRoles.Provider), client);
        return context.User is { Identity: { IsAuthenticated: true, Name: { } name } } user && user.FindFirstValue(ClaimTypes.Role) is { } role
            ? new(new(name, role, user.AgentId()), client)
            : null;
    }
}
