using System.Diagnostics;
using System.Diagnostics.Metrics;
using Outdial.Platform;

namespace Outdial.Ingress.Telemetry;

internal static class IngressTelemetry
{
    public const string Name = "Outdial.Ingress";

    public static readonly ActivitySource Source = new(Name);
}

/// <summary>What an operator watches: how many, of what kind, what became of them, how late they are, and what waits.</summary>
internal sealed class IngressMetrics : ICountsFromZero
{
    private readonly Meter _meter;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _spooled;
    private readonly Counter<long> _oddities;
    private readonly Histogram<double> _lag;

    public IngressMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(IngressTelemetry.Name);
        _webhooks = _meter.CreateCounter<long>("outdial.webhooks", "{webhook}", "Webhooks by kind and by what became of them.");
        _refused = _meter.CreateCounter<long>("outdial.webhooks.refused", "{webhook}", "Webhooks that were not accepted, by kind and reason.");
        _spooled = _meter.CreateCounter<long>("outdial.webhooks.spooled", "{webhook}", "Webhooks that were kept on disk because the broker did not take them.");
        _oddities = _meter.CreateCounter<long>("outdial.webhooks.oddities", "{oddity}", "Oddities that were tolerated in webhooks, by kind.");
        _lag = _meter.CreateHistogram<double>("outdial.webhook.lag", "s", "From the event, by the provider's clock, to its receipt.");
    }

    /// <inheritdoc/>
    public void Begin()
    {
        foreach (var kind in new[] { "passthru", "status", "dialed", "popup", "line", "heartbeat", "events", "other" })
        {
            foreach (var reason in new[] { "token", "purpose", "expired", "revoked", "access", "broken", "too-large", "unavailable" })
                _refused.Add(0, new("kind", kind), new("reason", reason));
            _spooled.Add(0, new KeyValuePair<string, object?>("kind", kind));
            foreach (var disposition in new[] { "translated", "quarantined", "unmatched", "ignored" })
                _webhooks.Add(0, new("kind", kind), new("disposition", disposition));
        }
    }

    public void Decided(string kind, string disposition) => _webhooks.Add(1, new("kind", kind), new("disposition", disposition));

    public void Refused(string kind, string reason) => _refused.Add(1, new("kind", kind), new("reason", reason));

    public void Spooled(string kind) => _spooled.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Odd(string kind, string oddity) => _oddities.Add(1, new("kind", kind), new("oddity", oddity));

    public void Lag(string kind, TimeSpan lag) => _lag.Record(lag.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));

    public void ObserveSpool(Func<long> depth) =>
        _meter.CreateObservableGauge("outdial.spool.depth", depth, "{webhook}", "Webhooks that wait on disk for the broker.");
}
