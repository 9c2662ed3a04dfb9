using System.Collections.Concurrent;

namespace Outdial.Platform;

/// <summary>
/// Says whether something may be logged again: once in a while for each thing, however often it happens. For few things: they are remembered.
/// </summary>
public sealed class Seldom(TimeProvider clock, TimeSpan every)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);

    public bool May(string thing)
    {
        var now = clock.GetUtcNow();
        return _last.TryGetValue(thing, out var last) ? now - last >= every && _last.TryUpdate(thing, now, last) : _last.TryAdd(thing, now);
    }
}
