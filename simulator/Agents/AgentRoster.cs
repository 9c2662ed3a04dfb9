using System.Collections.Concurrent;

namespace Outdial.Simulator;

/// <summary>The simulated agents by number. Survives a reset of the record.</summary>
public sealed class AgentRoster
{
    private readonly ConcurrentDictionary<string, AgentPhone> _agents = new(StringComparer.Ordinal);

    public IReadOnlyList<AgentPhone> All => [.. _agents.Values.OrderBy(a => a.Number, StringComparer.Ordinal)];

    public AgentPhone? Find(string e164) => _agents.GetValueOrDefault(e164);

    /// <summary>These and no others from now on; calls under way go on.</summary>
    public void Replace(IEnumerable<AgentPhone> agents)
    {
        var wanted = agents.ToDictionary(a => a.Number);
        foreach (var number in _agents.Keys.Where(n => !wanted.ContainsKey(n)))
            _agents.TryRemove(number, out _);
        foreach (var (number, agent) in wanted)
            _agents[number] = agent;
    }

    public bool Remove(string e164) => _agents.TryRemove(e164, out _);
}
