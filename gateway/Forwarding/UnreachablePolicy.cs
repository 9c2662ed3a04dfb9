using Outdial.Gateway.Routing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Outdial.Gateway.Forwarding;

/// <summary>
/// Leaves a replica alone at the first request that could not reach it. In the providers' lanes, where every request is short, silence counts
/// as unreachable too: a frozen process takes connections and answers nothing. In the API's lanes silence may just be a long report.
/// </summary>
internal sealed class UnreachablePolicy(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "Unreachable";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is not { } error)
            return;
        var silent = error.Error == ForwarderError.RequestTimedOut && Destined.Of(context) is { Lane: LaneKind.DialWhom or LaneKind.Webhook };
        if (silent || Failure.NothingWasSent(error))
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, LeaveAlone(cluster.Model.Config));
    }

    private static TimeSpan LeaveAlone(ClusterConfig cluster) => cluster.HealthCheck?.Passive?.ReactivationPeriod ?? TimeSpan.FromSeconds(5);
}
