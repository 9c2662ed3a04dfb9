using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outdial.Platform.Invariants;

/// <summary>Asks the invariants of this process from time to time, and remembers the answers for the metrics.</summary>
internal sealed class InvariantMonitor : TimedLoop
{
    private readonly IReadOnlyList<OwnedInvariant> _invariants;
    private readonly IServiceScopeFactory _scopes;
    private readonly InvariantOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<InvariantMonitor> _log;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Kept<IReadOnlyList<InvariantReport>> _looked;
    private volatile IReadOnlyList<InvariantReport> _last = [];

    public InvariantMonitor(
        IEnumerable<OwnedInvariant> invariants, IServiceScopeFactory scopes, IOptions<InvariantOptions> options, TimeProvider time,
        IMeterFactory meters, ILogger<InvariantMonitor> log)
        : base("look at the invariants", options.Value.Interval, TimeProvider.System, log)
    {
        (_invariants, _scopes, _options, _time, _log) = ([.. invariants], scopes, options.Value, time, log);
        _looked = new(() => CheckAsync(CancellationToken.None), TimeSpan.FromSeconds(1), TimeProvider.System);
        meters.Create("Outdial.Invariants").CreateObservableGauge(
            "outdial.invariant.violations", Measure, "{violation}", "Rows that should not exist, by service and invariant.");
    }

    /// <summary>As of now, or of the second before: whoever may read may ask, and each question goes through many rows.</summary>
    public Task<IReadOnlyList<InvariantReport>> LookAsync(CancellationToken cancel) => _looked.GetAsync(cancel);

    /// <summary>Asks all of them now, one after the other.</summary>
    public async Task<IReadOnlyList<InvariantReport>> CheckAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var reports = new List<InvariantReport>(_invariants.Count);
            foreach (var (service, invariant) in _invariants)
                reports.Add(await CheckAsync(service, invariant, cancel));
            return _last = reports;
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override Task TurnAsync(CancellationToken cancel) => CheckAsync(cancel);

    private async Task<InvariantReport> CheckAsync(string service, Invariant invariant, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var found = await invariant.Ask(scope.ServiceProvider, new InvariantMoment(now, now - _options.Grace), cancel);
            if (found.Violations > 0)
                _log.InvariantViolated(service, invariant.Name, found.Violations, string.Join(", ", found.Examples.Take(5)));
            return new(service, invariant.Name, invariant.Description, found.Violations, found.Examples, now);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            _log.InvariantNotChecked(service, invariant.Name, e);
            return new(service, invariant.Name, invariant.Description, null, [], now, "The question could not be asked; the log of this process says why.");
        }
    }

    private IEnumerable<Measurement<long>> Measure() =>
        from report in _last
        where report.Violations is not null
        select new Measurement<long>(report.Violations!.Value, new("service", report.Service), new("invariant", report.Name));
}

/// <summary>An invariant with the service whose rows it asks.</summary>
internal sealed record OwnedInvariant(string Service, Invariant Invariant);

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The invariant {Invariant} of {Service} is violated {Count} times, for example by {Examples}")]
    public static partial void InvariantViolated(this ILogger log, string service, string invariant, long count, string examples);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The invariant {Invariant} of {Service} could not be checked")]
    public static partial void InvariantNotChecked(this ILogger log, string service, string invariant, Exception exception);
}
