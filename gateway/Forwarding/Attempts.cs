using Outdial.Gateway.Routing;
using Outdial.Gateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Outdial.Gateway.Forwarding;

/// <summary>
/// Asks one replica after the other where that is safe, so that a dead one costs nobody an error. Replicas that are held to be healthy come
/// first, the others after them: one of them may be back already. In the providers' lanes the round begins again until the deadline.
/// </summary>
internal sealed class Attempts(RequestDelegate next, GatewayMetrics metrics)
{
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(100);
    private static readonly object Declined = new();

    /// <summary>Marks an answer of a replica that says "not I, not now"; its body is dropped.</summary>
    public static void Decline(HttpContext context) => context.Items[Declined] = true;

    public static bool WasDeclined(HttpContext context) => context.Items.ContainsKey(Declined);

    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var lane = context.Features.Get<Lane>()!;
        var body = context.Request.Body;
        var healthy = proxy.AvailableDestinations.ToList();
        var others = proxy.AllDestinations.Except(healthy).ToList();
        while (true)
        {
            proxy.AvailableDestinations = healthy.Count > 0 ? healthy : others;
            await next(context);
            if (!MayRepeat(context, lane))
                return;
            var failed = proxy.ProxiedDestination;
            if (failed is null || (!healthy.Remove(failed) && !others.Remove(failed)))
                return;
            if (healthy.Count == 0 && others.Count == 0)
            {
                if (!lane.IsProviders)
                    return;
                await Task.Delay(BetweenRounds, TimeProvider.System, context.RequestAborted);   // ends with the lane's deadline
                healthy.AddRange(proxy.AllDestinations);
            }
            metrics.Repeated(lane.Kind, Destined.Of(context)!.Service);
            Reset(context, proxy);
            if (body.CanSeek)
                body.Position = 0;   // a webhook's, which was read into memory
        }
    }

    private static bool MayRepeat(HttpContext context, Lane lane)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return false;
        return WasDeclined(context)
            || (context.Features.Get<IForwarderErrorFeature>() is { } error && Failure.MayRepeat(context.Request, lane, error));
    }

    private static void Reset(HttpContext context, IReverseProxyFeature proxy)
    {
        context.Response.Clear();
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Items.Remove(Declined);
        proxy.ProxiedDestination = null;
    }
}
