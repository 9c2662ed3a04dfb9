using System.Diagnostics.Metrics;

namespace Outdial.Enrichment.Telemetry;

public sealed class EnrichmentMetrics
{
    public const string MeterName = "Outdial.Enrichment";

    private readonly Counter<long> _lookups;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _waits;

    public EnrichmentMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _lookups = meter.CreateCounter<long>(
            "outdial.enrichment.lookups", unit: "{lookup}", description: "Numbers that were answered, by where the answer came from.");
        _requests = meter.CreateCounter<long>(
            "outdial.enrichment.requests", unit: "{request}", description: "Requests to the provider, by kind and what came of them.");
        _waits = meter.CreateCounter<long>(
            "outdial.enrichment.budget.waits", unit: "{wait}", description: "Times that work was due and the account's budget was spent.");
    }

    /// <param name="result"><c>memory</c>, <c>database</c>, <c>provider</c>, or <c>negative</c>: a kept answer that nothing is known.</param>
    public void LookedUp(string result) => _lookups.Add(1, new KeyValuePair<string, object?>("outdial.lookup.result", result));

    /// <param name="outcome"><c>found</c>, <c>unknown</c>, <c>incomplete</c>, <c>throttled</c>, <c>timeout</c> or <c>failed</c>.</param>
    public void Requested(string kind, string outcome) => _requests.Add(1,
        new KeyValuePair<string, object?>("outdial.request.kind", kind), new KeyValuePair<string, object?>("outdial.request.outcome", outcome));

    public void BudgetWait(string kind) => _waits.Add(1, new KeyValuePair<string, object?>("outdial.request.kind", kind));
}
