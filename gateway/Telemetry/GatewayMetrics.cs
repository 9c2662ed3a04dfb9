using System.Diagnostics.Metrics;
using Outdial.Gateway.Routing;
using Outdial.Platform;

namespace Outdial.Gateway.Telemetry;

/// <summary>What the gateway counts. Every tag is one of few words.</summary>
internal sealed class GatewayMetrics : ICountsFromZero
{
    private readonly Counter<long> _refused, _repeated, _unanswered;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Outdial.Gateway");
        _refused = meter.CreateCounter<long>("outdial.gateway.refused", "{request}", "Requests that the gateway answered itself, by what they lacked or exceeded.");
        _repeated = meter.CreateCounter<long>("outdial.gateway.repeated", "{request}", "Requests that were sent once more, to another replica.");
        _unanswered = meter.CreateCounter<long>("outdial.gateway.unanswered", "{request}", "Requests that no replica answered.");
    }

    /// <inheritdoc/>
    public void Begin()
    {
        (string, LaneKind)[] providers = [("ingress", LaneKind.Webhook), ("agent-router", LaneKind.DialWhom)];
        foreach (var (service, lane) in ApiRoutes.All.Select(route => (route.Service, route.Lane)).Concat(providers).Distinct())
        {
            _repeated.Add(0, new("lane", Word(lane)), new("service", service));
            _unanswered.Add(0, new("lane", Word(lane)), new("service", service));
        }
        foreach (var lane in Enum.GetValues<LaneKind>())
        {
            foreach (var reason in Reasons(lane))
                _refused.Add(0, new("lane", Word(lane)), new("reason", reason));
        }
    }

    private static IEnumerable<string> Reasons(LaneKind lane) => lane switch
    {
        LaneKind.Webhook => ["token", "purpose", "expired", "revoked", "source", "basic", "body", "too-large"],
        LaneKind.DialWhom => ["token", "purpose", "expired", "revoked", "source", "basic", "too-large"],
        LaneKind.Upload => ["rate", "uploads", "too-large"],
        LaneKind.Stream => ["rate", "streams", "key", "agent", "too-large"],
        _ => ["rate", "client", "service", "all", "too-large"],
    };

    public void Refused(LaneKind lane, string reason) => _refused.Add(1, new("lane", Word(lane)), new("reason", reason));

    public void Repeated(LaneKind lane, string service) => _repeated.Add(1, new("lane", Word(lane)), new("service", service));

    public void Unanswered(LaneKind lane, string service) => _unanswered.Add(1, new("lane", Word(lane)), new("service", service));

    private static string Word(LaneKind lane) => lane.ToString().ToLowerInvariant();
}
