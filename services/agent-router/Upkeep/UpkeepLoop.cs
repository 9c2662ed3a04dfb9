using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Telemetry;
using Outdial.Platform;

namespace Outdial.AgentRouter.Upkeep;

/// <summary>
/// The clock that turns the sweeps and what else is done again and again. A step that fails does not keep the others from their turn.
/// </summary>
internal sealed class UpkeepLoop(IServiceScopeFactory scopes, IOptions<RouterOptions> options, TimeProvider clock, ILogger<UpkeepLoop> log)
    : TimedLoop("upkeep", options.Value.SweepInterval, clock, log), IHostedLifecycleService
{
    /// <summary>Real time: whoever reads the figures lives in it.</summary>
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, LoopRecord> _records = new(StringComparer.Ordinal);
    private DateTimeOffset _heartbeat;
    private DateTimeOffset? _hearing;
    private long? _counted;

    protected override bool TurnsAtStart => true;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        // What was said while no router was there waits in its queue: it is heard before silence is judged.
        _hearing ??= now + options.Value.SettleAfter;
        if (now - _heartbeat >= options.Value.Heartbeat)
        {
            _heartbeat = now;
            await Turn<SharedUpkeep>("heartbeat", x => x.SayAlive(cancel), cancel);
        }
        if (now >= _hearing)
        {
            await Sweep("deadlines", x => x.Deadline(cancel), cancel);
            await Sweep("settling", x => x.Settle(cancel), cancel);
        }
        await Sweep("inbound calls", x => x.EndInbound(cancel), cancel);
        await Sweep("expiry", x => x.Expire(cancel), cancel);
        await Sweep("sessions with nothing left", x => x.NothingLeft(cancel), cancel);
        await Sweep("preview", x => x.Preview(cancel), cancel);
        await Sweep("lines to open again", x => x.Reopen(cancel), cancel);
        await Turn<SharedUpkeep>("presence", x => x.TellPresent(cancel), cancel);
        await Turn<SharedUpkeep>("pruning", x => x.Prune(cancel), cancel);
        if (_counted is not { } last || TimeProvider.System.GetElapsedTime(last) >= CountInterval)
        {
            _counted = TimeProvider.System.GetTimestamp();
            await Turn<SharedUpkeep>("counting", x => x.Count(cancel), cancel);
        }
    }

    public override void Dispose()
    {
        foreach (var record in _records.Values)
            record.Dispose();
        base.Dispose();
    }

    public Task StartingAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Before anything else stops, so that what is given back is still delivered.</summary>
    public async Task StoppingAsync(CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<SharedUpkeep>().SignOff(cancel) is > 0 and var returned)
                Logger.LeadsGivenBack(returned);
        }
        catch (Exception e)
        {
            Logger.SignOffFailed(e);   // the leads stay; the next router on this database has them
        }
    }

    public Task StoppedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>As long as something was due, each in a scope of its own.</summary>
    private Task Sweep(string step, Func<Sweeps, Task<bool>> once, CancellationToken cancel) => Try(step, async () =>
    {
        bool more;
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            more = await once(scope.ServiceProvider.GetRequiredService<Sweeps>());
        }
        while (more && !cancel.IsCancellationRequested);
    }, cancel);

    private Task Turn<T>(string step, Func<T, Task> once, CancellationToken cancel) where T : notnull => Try(step, async () =>
    {
        await using var scope = scopes.CreateAsyncScope();
        await once(scope.ServiceProvider.GetRequiredService<T>());
    }, cancel);

    private async Task Try(string step, Func<Task> work, CancellationToken cancel)
    {
        if (!_records.TryGetValue(step, out var record))
            _records.Add(step, record = new LoopRecord($"upkeep: {step}", log));
        try
        {
            await work();
            record.Succeeded();
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            record.Failed(e);
        }
    }
}
