using System.Diagnostics.Metrics;
using Outdial.Gateway.Routing;

namespace Outdial.Gateway.Telemetry;

/// <summary>What the gateway counts. Every tag is one of few words.</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter<long> _refused, _repeated, _unanswered;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Outdial.Gateway");
        _refused = meter.CreateCounter<long>("outdial.gateway.refused", "{request}", "Requests that the gateway answered itself, by what they lacked or exceeded.");
        _repeated = meter.CreateCounter<long>("outdial.gateway.repeated", "{request}", "Requests that were sent once more, to another replica.");
        _unanswered = meter.CreateCounter<long>("outdial.gateway.unanswered", "{request}", "Requests that no replica answered.");
    }

    public void Refused(LaneKind lane, string reason) => _refused.Add(1, new("lane", Word(lane)), new("reason", reason));

    public void Repeated(LaneKind lane, string service) => _repeated.Add(1, new("lane", Word(lane)), new("service", service));

    public void Unanswered(LaneKind lane, string service) => _unanswered.Add(1, new("lane", Word(lane)), new("service", service));

    private static string Word(LaneKind lane) => lane.ToString().ToLowerInvariant();
}
