using Microsoft.Extensions.Options;
using Outdial.Gateway.Forwarding;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Outdial.Gateway.Routing;

/// <summary>
/// Routes and clusters as YARP wants them. One cluster for each service and lane: connections, health and time-outs of DialWhom are not those
/// of the API, although the same processes answer both.
/// </summary>
internal static class ProxyRoutes
{
    public const string ApiPrefix = "/api/v1/";

    public static (IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters) Build(GatewayOptions options)
    {
        List<RouteConfig> routes =
        [
            Route("webhooks", new(ServiceName.Ingress, LaneKind.Webhook), "/webhooks/{provider}/{token}/{kind}", ["GET", "POST", "HEAD", "OPTIONS"]),
            Route("dialwhom", new(ServiceName.AgentRouter, LaneKind.DialWhom), "/dialwhom/{provider}/{token}/{**rest}", ["GET", "HEAD", "OPTIONS"]),
            .. ApiRoutes.All.Select(route =>
                Route($"{route.Method} {route.Path}", new(route.Service, route.Lane), ApiPrefix + route.Path, [route.Method], route.Policy)),
        ];
        if (options.AddressesOf(ServiceName.Console).Count > 0)
            routes.Add(Route("console", new(ServiceName.Console, LaneKind.Console), "/console/{**rest}", null));
        return (routes, [.. routes.Select(Destined.Of).Distinct().Select(to => Cluster(to, options))]);
    }

    private static RouteConfig Route(string id, Destined to, string path, IReadOnlyList<string>? methods, string? policy = null) => new()
    {
        RouteId = id,
        ClusterId = ClusterId(to),
        Match = new() { Path = path, Methods = methods },
        AuthorizationPolicy = policy,
        Metadata = to.AsMetadata(),
    };

    private static ClusterConfig Cluster(Destined to, GatewayOptions options) => new()
    {
        ClusterId = ClusterId(to),
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        HealthCheck = new()
        {
            // When no replica is ready, all are asked all the same: an ingress without its broker is not ready, and still keeps webhooks.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new()
            {
                Enabled = true,
                Path = "/health/ready",
                Interval = options.Health.Interval,
                Timeout = options.Health.Timeout,
                Policy = ReadinessPolicy.PolicyName,
            },
            Passive = new() { Enabled = true, Policy = UnreachablePolicy.PolicyName, ReactivationPeriod = options.Health.LeaveAlone },
        },
        HttpRequest =
            new() { Version = new Version(1, 1), ActivityTimeout = Lane.Of(to.Lane, options.Limits).Silence, AllowResponseBuffering = false },
        Destinations = options.AddressesOf(to.Service).ToDictionary(address => address, Destination),
    };

    // By the name that is configured, whatever address is behind it: certificates are checked by it.
    private static DestinationConfig Destination(string address) =>
        new() { Address = address, Host = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Authority : null };

    /// <summary>What the proxy calls the replicas of a service in one lane.</summary>
    public static string ClusterId(Destined to) => $"{to.Lane}:{to.Service}".ToLowerInvariant();
}
