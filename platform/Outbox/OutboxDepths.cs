using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Outdial.Platform.Outbox;

/// <summary>
/// The metric <c>outdial.outbox.depth</c>: undelivered messages per service, also those that wait for a later try. Counted
/// by the delivery loops, at most once per <c>Messaging:PollInterval</c> and up to 100,000; a scrape asks no database.
/// </summary>
internal sealed class OutboxDepths
{
    public const string MeterName = "Outdial.Platform";
    private readonly ConcurrentDictionary<string, long> _rows = new();

    public OutboxDepths(IMeterFactory meters) => meters.Create(MeterName).CreateObservableGauge(
        "outdial.outbox.depth", Observe, "{message}", "Committed messages that are not delivered yet, by service.");

    /// <param name="service">Name of the service, as its database is called.</param>
    /// <param name="rows">What its delivery loop has just counted.</param>
    public void Set(string service, long rows) => _rows[service] = rows;

    private IEnumerable<Measurement<long>> Observe() =>
        _rows.Select(x => new Measurement<long>(x.Value, new KeyValuePair<string, object?>("outdial.service", x.Key)));
}
