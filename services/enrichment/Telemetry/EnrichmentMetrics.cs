using System.Diagnostics;
using System.Diagnostics.Metrics;
using Outdial.Enrichment.Budgets;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Enrichment.Telemetry;

internal sealed class EnrichmentMetrics : ICountsFromZero
{
    private static readonly string[] RequestOutcomes = ["found", "unknown", "incomplete", "throttled", "timeout", "failed"];

    public const string MeterName = "Outdial.Enrichment";
    public static readonly ActivitySource Activity = new(MeterName);

    private readonly Counter<long> _lookups;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _waits;
    private readonly Counter<long> _recordings;
    private readonly AccountSettings _accounts;

    public EnrichmentMetrics(IMeterFactory meters, AccountSettings accounts)
    {
        _accounts = accounts;
        var meter = meters.Create(MeterName);
        _lookups = meter.CreateCounter<long>(
            "outdial.enrichment.lookups", unit: "{lookup}", description: "Numbers that were answered, by where the answer came from.");
        _requests = meter.CreateCounter<long>(
            "outdial.enrichment.requests", unit: "{request}", description: "Requests to the provider, by account, kind and what came of them.");
        _waits = meter.CreateCounter<long>(
            "outdial.enrichment.budget.waits", unit: "{wait}",
            description: "Times that work was due and the account's budget was spent, by account and kind.");
        _recordings = meter.CreateCounter<long>(
            "outdial.enrichment.recordings", unit: "{reading}",
            description: "Readings of records of conversations, by what they told of the recording.");
    }

    /// <inheritdoc/>
    public void Begin()
    {
        foreach (var result in new[] { "memory", "database", "provider", "negative" })
            _lookups.Add(0, new KeyValuePair<string, object?>("outdial.lookup.result", result));
        foreach (var result in new[] { "found", "named", "not-expected", "awaited", "given-up" })
            _recordings.Add(0, new KeyValuePair<string, object?>("outdial.recording.result", result));
        foreach (var account in _accounts.All)
        {
            foreach (var kind in new[] { BudgetKinds.Numbers, BudgetKinds.Details })
            {
                foreach (var outcome in RequestOutcomes)
                    Requested(account.Name, kind, outcome, 0);
            }
            foreach (var kind in new[] { BudgetKinds.Numbers, BudgetKinds.People, BudgetKinds.Details })
                _waits.Add(0, new("outdial.account", account.Name), new("outdial.request.kind", kind));
        }
    }

    /// <param name="result"><c>found</c>; else <c>named</c> by a webhook, <c>not-expected</c>, <c>awaited</c> or <c>given-up</c>.</param>
    public void Recording(string result) => _recordings.Add(1, new KeyValuePair<string, object?>("outdial.recording.result", result));

    /// <param name="result"><c>memory</c>, <c>database</c>, <c>provider</c>, or <c>negative</c>: a kept answer that nothing is known.</param>
    public void LookedUp(string result) => _lookups.Add(1, new KeyValuePair<string, object?>("outdial.lookup.result", result));

    /// <param name="outcome"><c>found</c>, <c>unknown</c>, <c>incomplete</c>, <c>throttled</c>, <c>timeout</c> or <c>failed</c>.</param>
    public void Requested(string account, string kind, string outcome) => Requested(account, kind, outcome, 1);

    private void Requested(string account, string kind, string outcome, int count) => _requests.Add(
        count, new("outdial.account", account), new("outdial.request.kind", kind), new("outdial.request.outcome", outcome));

    public void BudgetWait(string account, string kind) => _waits.Add(1, new("outdial.account", account), new("outdial.request.kind", kind));
}
