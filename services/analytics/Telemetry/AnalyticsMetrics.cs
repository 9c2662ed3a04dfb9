using System.Diagnostics.Metrics;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Analytics.Telemetry;

/// <summary>Figures of this process. Reports never use them: they are sums over rows.</summary>
internal sealed class AnalyticsMetrics : ICountsFromZero
{
    public const string MeterName = "Outdial.Analytics";

    private readonly Counter<long> _calls;
    private readonly Counter<long> _advice;

    public AnalyticsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _calls = meter.CreateCounter<long>("outdial.calls", unit: "{call}", description: "Attempts that ended, by outcome.");
        _advice = meter.CreateCounter<long>(
            "outdial.analytics.advice", unit: "{message}", description: "Completion rates published for the pacer.");
    }

    /// <inheritdoc/>
    public void Begin()
    {
        foreach (var outcome in Outcomes.All)
            _calls.Add(0, new KeyValuePair<string, object?>("outdial.call.outcome", outcome));
    }

    /// <param name="outcome">A word that is not one of the contracts' outcomes is counted as <c>other</c>: tags stay few.</param>
    public void Ended(string outcome) =>
        _calls.Add(1, new KeyValuePair<string, object?>("outdial.call.outcome", Outcomes.All.Contains(outcome) ? outcome : "other"));

    public void Advised(string why) => _advice.Add(1, new KeyValuePair<string, object?>("outdial.advice.reason", why));
}
