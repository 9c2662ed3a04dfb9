using System.Diagnostics.Metrics;

namespace Outdial.Platform;

/// <summary>
/// Gauges whose series come and go, as campaigns do: a scrape tells those that were kept last, and no other. Whoever listens to an instrument
/// remembers every series that it ever had, and after so many lumps all new ones together; so an instrument is made anew before that. Each time it
/// takes one of the places that a listener has for instruments (<see cref="Telemetry.MostInstruments"/>), which are never given back either: so each
/// has a meter of its own, and room for many series that come and go.
/// </summary>
public sealed class PassingGauges : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gauge> _gauges;

    /// <param name="meters">Whose meters these are.</param>
    /// <param name="meter">Name of the meters; nobody else's, and ending as <see cref="Telemetry.OfPassing"/> says.</param>
    /// <param name="gauges">Each with its unit and what it tells.</param>
    public PassingGauges(IMeterFactory meters, string meter, params IEnumerable<(string Name, string? Unit, string Description)> gauges)
    {
        if (!meter.EndsWith(Telemetry.OfPassing, StringComparison.Ordinal))
            throw new ArgumentException($"The meter is '{meter}'; expected a name that ends in {Telemetry.OfPassing}: its instruments have room for more series.", nameof(meter));
        _gauges = gauges.ToDictionary(gauge => gauge.Name, gauge => new Gauge(() => new Meter(new MeterOptions(meter) { Scope = meters }), gauge));
    }

    /// <summary>Most series of one gauge at a time; those beyond are not told.</summary>
    public static int Most => Telemetry.MostPassing - 1;

    /// <summary>What the gauges tell from now on. One that is not named tells nothing.</summary>
    /// <exception cref="KeyNotFoundException">There is no such gauge.</exception>
    public void Keep(IReadOnlyDictionary<string, IEnumerable<Measurement<double>>> values)
    {
        var kept = values.ToDictionary(value => _gauges[value.Key], value => value.Value.Take(Most).ToArray());
        lock (_lock)
        {
            foreach (var gauge in _gauges.Values)
                gauge.Keep(kept.GetValueOrDefault(gauge, []));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var gauge in _gauges.Values)
                gauge.Dispose();
        }
    }

    private sealed class Gauge : IDisposable
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private readonly Func<Meter> _begin;
        private readonly (string Name, string? Unit, string Description) _what;
        private volatile Measurement<double>[] _kept = [];
        private Meter _meter;

        public Gauge(Func<Meter> begin, (string Name, string? Unit, string Description) what)
        {
            (_begin, _what) = (begin, what);
            _meter = Begin();
        }

        public void Keep(Measurement<double>[] kept)
        {
            var series = kept.Select(Series).ToHashSet(StringComparer.Ordinal);
            if (_seen.Count + series.Count(each => !_seen.Contains(each)) > Most)
            {
                _meter.Dispose();
                _seen.Clear();
                _meter = Begin();
            }
            _seen.UnionWith(series);
            _kept = kept;
        }

        public void Dispose() => _meter.Dispose();

        private Meter Begin()
        {
            var meter = _begin();
            meter.CreateObservableGauge(_what.Name, () => _kept, _what.Unit, _what.Description);
            return meter;
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
