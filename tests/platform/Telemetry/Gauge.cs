using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Outdial.Platform.Tests;

/// <summary>What a scrape of one service would say of an observed gauge.</summary>
public sealed class Gauge : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _values = new();

    /// <param name="tag">By which tag the values are told apart.</param>
    public Gauge(TestService service, string name, string tag)
    {
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == name && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var (key, text) in tags)
                if (key == tag)
                    _values[$"{text}"] = value;
        });
        _listener.Start();
    }

    /// <summary>The value under this tag now; null when there is none.</summary>
    public long? Read(string tag)
    {
        _listener.RecordObservableInstruments();
        return _values.TryGetValue(tag, out var value) ? value : null;
    }

    public void Dispose() => _listener.Dispose();
}
