using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Outdial.Platform;

/// <summary>
/// The metric <c>outdial.ready</c>: what <c>/health/ready</c> says of each thing that the process needs, for those who are not told by a probe.
/// Looked at four times a minute, in real time; a scrape asks nobody.
/// </summary>
internal sealed class ReadinessGauge : TimedLoop
{
    private readonly HealthCheckService _health;
    private volatile IReadOnlyList<Measurement<int>> _last = [];

    public ReadinessGauge(HealthCheckService health, IMeterFactory meters, ILogger<ReadinessGauge> log)
        : base("look at what is needed", TimeSpan.FromSeconds(15), TimeProvider.System, log)
    {
        _health = health;
        meters.Create("Outdial.Readiness").CreateObservableGauge("outdial.ready", () => _last, null, "Whether a thing that the process needs is there: 1, else 0.");
    }

    protected override bool TurnsAtStart => true;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        var report = await _health.CheckHealthAsync(cancel);
        _last = [.. report.Entries.Select(entry => new Measurement<int>(
            entry.Value.Status == HealthStatus.Healthy ? 1 : 0, new KeyValuePair<string, object?>("check", entry.Key)))];
    }
}
