using System.Text.Json.Serialization;

namespace Outdial.Simulator;

/// <summary>An order to spoil one callback of a flow (or each of a kind), for tests that need to know which one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Mischief
{
    public static readonly IReadOnlyList<string> Callbacks =
        ["dialwhom", "popup", "popup-dial", "popup-answered", "popup-terminal", "dialed", "stay", "status", "passthru"];

    private int _seen;

    /// <summary>One of <see cref="Callbacks"/>; <c>popup</c> means each of the three.</summary>
    public string Callback { get; init; } = "";

    /// <summary>The n-th of these callbacks since the order was given, over all calls of the flow; null: each.</summary>
    public int? Nth { get; init; }

    /// <summary><c>drop</c>, <c>double</c> or <c>delay</c>.</summary>
    public string What { get; init; } = "";

    /// <summary>How late, or how long after the first the copy is sent; absent: 30 for a delay, 0 for a copy.</summary>
    public int? Seconds { get; init; }

    public string? Problem() =>
        !Callbacks.Contains(Callback) ? $"callback is '{Callback}'; there are {string.Join(", ", Callbacks)}."
        : What is not ("drop" or "double" or "delay") ? $"what is '{What}'; there are drop, double and delay."
        : Nth is < 1 ? "nth must be 1 or more, or absent."
        : Seconds is < 0 or > 86_400 ? "seconds must be from 0 to 86400."
        : null;

    /// <summary>Counts a callback that goes out and tells whether it is the one.</summary>
    /// <param name="name">Such as <c>popup-dial</c>.</param>
    public bool Hits(string name)
    {
        if (name != Callback && !name.StartsWith(Callback + "-", StringComparison.Ordinal))
            return false;
        var seen = Interlocked.Increment(ref _seen);
        return Nth is null || seen == Nth;
    }

    public Strike Strike() => What switch
    {
        "drop" => new Strike("drop", true, TimeSpan.Zero, null),
        "delay" => new Strike("delay", false, TimeSpan.FromSeconds(Seconds ?? 30), null),
        _ => new Strike(null, false, TimeSpan.Zero, TimeSpan.FromSeconds(Seconds ?? 0)),
    };
}
