using System.Collections.Concurrent;

namespace Outdial.Simulator;

/// <summary>The configured flows, which own number leads into which, and the mischief ordered for each. Survives a reset of the record.</summary>
public sealed class FlowBook
{
    private readonly ConcurrentDictionary<string, FlowDefinition> _flows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _flowOfNumber = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<Mischief>> _mischief = new(StringComparer.Ordinal);

    public IReadOnlyList<FlowDefinition> All => [.. _flows.Values.OrderBy(f => f.Id, StringComparer.Ordinal)];

    public FlowDefinition? Find(string id) => _flows.GetValueOrDefault(id);

    /// <summary>The flow that a connect request names by the last segment of its <c>Url</c>; null when it is not configured.</summary>
    public FlowDefinition? OfAddress(string? url) =>
        url is not null && Uri.TryCreate(url, UriKind.Absolute, out var address) ? Find(address.Segments[^1].Trim('/')) : null;

    /// <summary>The flow that a call to an own number runs into.</summary>
    public FlowDefinition? OfNumber(string e164) => _flowOfNumber.TryGetValue(e164, out var id) ? Find(id) : null;

    public void Put(FlowDefinition flow) => _flows[flow.Id!] = flow;

    public bool Remove(string id) => _flows.TryRemove(id, out _) | _mischief.TryRemove(id, out _);

    /// <param name="e164">An own number.</param>
    /// <param name="id">null: calls to it are not taken any more.</param>
    public void Assign(string e164, string? id)
    {
        if (id is null)
            _flowOfNumber.TryRemove(e164, out _);
        else
            _flowOfNumber[e164] = id;
    }

    public IReadOnlyList<Mischief> MischiefOf(string id) => _mischief.GetValueOrDefault(id, []);

    /// <summary>Replaces what was ordered before; counting starts anew.</summary>
    public void Order(string id, IReadOnlyList<Mischief> mischief) => _mischief[id] = mischief;
}
