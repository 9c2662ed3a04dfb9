using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Outdial.Platform.Hosting;
using Outdial.Platform.Storage;

namespace Outdial.Platform;

/// <summary>
/// How a piece of work that is done again and again is getting on: a line in the log when it begins to fail, when it fails for another reason, and
/// when it works again, however often it was tried between; and the figures of <c>outdial.loop.*</c>.
/// </summary>
/// <param name="name">In words; one of few, it is a tag of the metrics.</param>
public sealed class LoopRecord(string name, ILogger log) : IDisposable
{
    private static readonly Meter Figures = new("Outdial.Loops");
    private static readonly ConcurrentDictionary<LoopRecord, byte> All = new(ReferenceEqualityComparer.Instance);
    private static readonly Counter<long> Failures = Figures.CreateCounter<long>(
        "outdial.loop.failures", "{turn}", "Turns of loops that failed, by loop.");

    private readonly Lock _lock = new();
    private string? _reason;
    private int _failures;
    private long _good = TimeProvider.System.GetTimestamp();

    static LoopRecord() => Figures.CreateObservableGauge(
        "outdial.loop.success.age", () => All.Keys.Select(record => record.Age()), "s",
        "Since the last turn of a loop that succeeded, or its start; real time.");

    /// <summary>Turns in a row that failed.</summary>
    public int InARow => Volatile.Read(ref _failures);

    /// <summary>It was done.</summary>
    public void Succeeded()
    {
        Count(0);
        lock (_lock)
        {
            if (_failures > 0)
                log.LoopWorksAgain(name, _failures);
            (_failures, _reason, _good) = (0, null, TimeProvider.System.GetTimestamp());
        }
    }

    /// <summary>It was not done.</summary>
    /// <returns>How often in a row.</returns>
    public int Failed(Exception error)
    {
        Count(1);
        var away = DatabaseAway.Is(error);
        var reason = away ? "away" : Kind(error);
        lock (_lock)
        {
            if (reason != _reason)
            {
                if (away)
                    log.LoopWaits(name, Innermost(error).Message);
                else
                    log.LoopFailed(name, error);
            }
            _reason = reason;
            return ++_failures;
        }
    }

    // The first turn, good or bad, puts the series into the scrape.
    private void Count(int failures)
    {
        if (All.TryAdd(this, 0) || failures > 0)
            Failures.Add(failures, new KeyValuePair<string, object?>("loop", name));
    }

    /// <summary>It is done no more.</summary>
    public void Dispose() => All.TryRemove(this, out _);

    private Measurement<double> Age()
    {
        lock (_lock)
            return new(TimeProvider.System.GetElapsedTime(_good).TotalSeconds, new KeyValuePair<string, object?>("loop", name));
    }

    // Messages differ in ids and times from one failure to the next; types do not.
    private static string Kind(Exception error) => error.InnerException is { } inner ? $"{error.GetType()} {Kind(inner)}" : $"{error.GetType()}";

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
