using System.Globalization;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>One agent of the queue. Guarded by <see cref="CallQueue.Gate"/>.</summary>
public sealed class Agent(int number, string extension)
{
    /// <summary>1, 2, 3 …; the highest numbers leave first.</summary>
    public int Number { get; } = number;

    /// <summary>Digits.</summary>
    public string Extension { get; } = extension;

    /// <summary>Rings for it or talks; null between calls.</summary>
    public PortaCall? Call { get; set; }

    /// <summary>Since when the next call can be offered, or from when on; the longest free is offered first.</summary>
    public DateTimeOffset FreeFrom { get; set; }
}

/// <summary>The agents who are there, and those who have left but still talk. Guarded by <see cref="CallQueue.Gate"/>.</summary>
public sealed class Floor(string firstExtension)
{
    private readonly SortedDictionary<int, Agent> _agents = [];
    private readonly long _first = long.Parse(firstExtension, CultureInfo.InvariantCulture);
    private int _count;

    /// <summary>Agents beyond the number leave, whoever talks finishes first; missing ones come and are free.</summary>
    public void Staff(int count, DateTimeOffset at)
    {
        _count = count;
        foreach (var gone in _agents.Values.Where(a => a.Number > count && a.Call is null).ToList())
            _agents.Remove(gone.Number);
        for (var number = 1; number <= count; number++)
            if (!_agents.ContainsKey(number))
                _agents[number] = new Agent(number, (_first + number - 1).ToString(CultureInfo.InvariantCulture)) { FreeFrom = at };
    }

    /// <summary>The agent who has been free longest; null when nobody is.</summary>
    public Agent? Free(DateTimeOffset at) =>
        _agents.Values.Where(a => a.Call is null && a.FreeFrom <= at && a.Number <= _count).OrderBy(a => a.FreeFrom).ThenBy(a => a.Number)
            .FirstOrDefault();

    /// <summary>The agent's call is over; takes the next one from a moment on, unless it was the last.</summary>
    public void Release(Agent agent, DateTimeOffset freeFrom)
    {
        (agent.Call, agent.FreeFrom) = (null, freeFrom);
        if (agent.Number > _count)
            _agents.Remove(agent.Number);
    }

    public FloorView View(DateTimeOffset at, int waiting, DateTimeOffset? longest) => new(
        _count, _agents.Values.Count(a => a.Call is null && a.FreeFrom <= at), _agents.Values.Count(a => a.Call is { ConnectedAt: null }),
        _agents.Values.Count(a => a.Call is { ConnectedAt: not null }), _agents.Values.Count(a => a.Call is null && a.FreeFrom > at),
        waiting, longest is { } since ? (int)(at - since).TotalSeconds : 0, [.. _agents.Values.Select(a => a.Extension)]);
}

/// <summary>The floor at a moment.</summary>
/// <param name="Count">Agents who are meant to be there.</param>
/// <param name="Waiting">Customers in the queue.</param>
/// <param name="LongestWaitSeconds">Of those who wait now.</param>
public sealed record FloorView(
    int Count, int Free, int Ringing, int Talking, int WrappingUp, int Waiting, int LongestWaitSeconds, IReadOnlyList<string> Extensions);
