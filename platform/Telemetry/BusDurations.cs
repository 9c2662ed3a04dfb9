using System.Diagnostics.Metrics;

namespace Outdial.Platform;

/// <summary>What MassTransit measures in milliseconds, in seconds, as all other durations are and as Prometheus wants them.</summary>
internal sealed class BusDurations : IDisposable
{
    private readonly MeterListener _listener = new();

    public BusDurations(IMeterFactory meters)
    {
        var meter = meters.Create("Outdial.Bus");
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (AreTakenOver(instrument))
                listener.EnableMeasurementEvents(instrument, meter.CreateHistogram<double>(instrument.Name, "s", instrument.Description));
        };
        _listener.SetMeasurementEventCallback<double>(static (_, milliseconds, tags, seconds) =>
            ((Histogram<double>)seconds!).Record(milliseconds / 1000, tags));
        _listener.Start();
    }

    /// <summary>Whether this is measured here in place of the instrument itself.</summary>
    public static bool AreTakenOver(Instrument instrument) => instrument is Histogram<double> { Unit: "ms", Meter.Name: "MassTransit" };

    public void Dispose() => _listener.Dispose();
}
