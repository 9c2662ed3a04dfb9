using System.Diagnostics.Metrics;

namespace Outdial.Platform;

/// <summary>
/// Gauges whose series come and go, as campaigns do: a scrape tells those that were kept last, and no other. Whoever listens to an instrument
/// remembers every series that it ever had, and after so many lumps all new ones together; so the instruments are made anew before that.
/// </summary>
public sealed class PassingGauges : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeterOptions _options;
    private readonly Dictionary<string, Gauge> _gauges;
    private Meter _meter;

    /// <param name="meters">Whose meters these are.</param>
    /// <param name="meter">Name of the meter; nobody else's.</param>
    /// <param name="gauges">Each with its unit and what it tells.</param>
    public PassingGauges(IMeterFactory meters, string meter, params IEnumerable<(string Name, string? Unit, string Description)> gauges)
    {
        _options = new MeterOptions(meter) { Scope = meters };
        _gauges = gauges.ToDictionary(gauge => gauge.Name, gauge => new Gauge(gauge.Name, gauge.Unit, gauge.Description));
        _meter = Begin();
    }

    /// <summary>Most series of one gauge at a time; those beyond are not told.</summary>
    public static int Most => Telemetry.MostSeries - 1;

    /// <summary>What the gauges tell from now on. One that is not named tells nothing.</summary>
    /// <exception cref="KeyNotFoundException">There is no such gauge.</exception>
    public void Keep(IReadOnlyDictionary<string, IEnumerable<Measurement<double>>> values)
    {
        var kept = values.ToDictionary(value => _gauges[value.Key], value => value.Value.Take(Most).ToArray());
        lock (_lock)
        {
            if (_gauges.Values.Any(gauge => gauge.WouldBeTooMany(kept.GetValueOrDefault(gauge, []))))
            {
                _meter.Dispose();
                _meter = Begin();
            }
            foreach (var gauge in _gauges.Values)
                gauge.Keep(kept.GetValueOrDefault(gauge, []));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _meter.Dispose();
    }

    private Meter Begin()
    {
        var meter = new Meter(_options);
        foreach (var gauge in _gauges.Values)
            gauge.Begin(meter);
        return meter;
    }

    private sealed class Gauge(string name, string? unit, string description)
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private volatile Measurement<double>[] _kept = [];

        public void Begin(Meter meter)
        {
            _seen.Clear();
            meter.CreateObservableGauge(name, () => _kept, unit, description);
        }

        public bool WouldBeTooMany(Measurement<double>[] kept) => _seen.Count + kept.Count(value => !_seen.Contains(Series(value))) > Most;

        public void Keep(Measurement<double>[] kept)
        {
            _seen.UnionWith(kept.Select(Series));
            _kept = kept;
        }

        private static string Series(Measurement<double> value)
        {
            var tags = new List<string>();
            foreach (var (label, word) in value.Tags)
                tags.Add($"{label}={word}");
            return string.Join('\n', tags);
        }
    }
}
