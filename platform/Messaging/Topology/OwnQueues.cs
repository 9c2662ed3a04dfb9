using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Outdial.Platform.Messaging.Topology;

/// <summary>The queues that this process reads.</summary>
internal sealed class OwnQueues
{
    private readonly ConcurrentDictionary<string, bool> _names = new();

    public IEnumerable<string> Names => _names.Keys;

    public void Add(string queue) => _names[queue] = true;
}

/// <summary>
/// The metric <c>outdial.error_queue.depth</c>: failed messages per queue that wait for a person, as counted at most 15 s
/// ago. Every replica of the reader tells it, so take the maximum and not the sum.
/// </summary>
internal sealed class ErrorQueueDepths
{
    private readonly ConcurrentDictionary<string, long> _messages = new();

    public ErrorQueueDepths(IMeterFactory meters) => meters.Create(Outbox.OutboxDepths.MeterName).CreateObservableGauge(
        "outdial.error_queue.depth", Observe, "{message}", "Messages that failed for good, by the queue they failed in.");

    public void Set(string queue, long messages) => _messages[queue] = messages;

    private IEnumerable<Measurement<long>> Observe() =>
        _messages.Select(x => new Measurement<long>(x.Value, new KeyValuePair<string, object?>("outdial.queue", x.Key)));
}
