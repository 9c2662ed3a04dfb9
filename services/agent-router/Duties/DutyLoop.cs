using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Telemetry;

namespace Outdial.AgentRouter.Duties;

/// <summary>The clock that turns the sweeper and the duties. One that fails does not keep the others from their turn.</summary>
internal sealed class DutyLoop(IServiceScopeFactory scopes, IOptions<RouterOptions> options, TimeProvider clock, ILogger<DutyLoop> log)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>Real time: whoever reads the figures lives in it.</summary>
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, clock);
        DateTimeOffset heartbeat = default;
        long? counted = null;
        // What was said while no router was there waits in its queue: it is heard before silence is judged.
        var hearing = clock.GetUtcNow() + options.Value.SettleAfter;
        do
        {
            var now = clock.GetUtcNow();
            if (now - heartbeat >= options.Value.Heartbeat)
            {
                heartbeat = now;
                await Turn<SharedDuties>("heartbeat", x => x.SayAlive(stoppingToken), stoppingToken);
            }
            if (now >= hearing)
            {
                await Sweep("deadlines", x => x.Deadline(stoppingToken), stoppingToken);
                await Sweep("settling", x => x.Settle(stoppingToken), stoppingToken);
            }
            await Sweep("expiry", x => x.Expire(stoppingToken), stoppingToken);
            await Sweep("sessions with nothing left", x => x.NothingLeft(stoppingToken), stoppingToken);
            await Sweep("preview", x => x.Preview(stoppingToken), stoppingToken);
            await Sweep("lines to open again", x => x.Reopen(stoppingToken), stoppingToken);
            await Turn<SharedDuties>("presence", x => x.TellPresent(stoppingToken), stoppingToken);
            await Turn<SharedDuties>("pruning", x => x.Prune(stoppingToken), stoppingToken);
            if (counted is not { } last || TimeProvider.System.GetElapsedTime(last) >= CountInterval)
            {
                counted = TimeProvider.System.GetTimestamp();
                await Turn<SharedDuties>("counting", x => x.Count(stoppingToken), stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public Task StartingAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Before anything else stops, so that what is given back is still delivered.</summary>
    public async Task StoppingAsync(CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<SharedDuties>().SignOff(cancel) is > 0 and var returned)
                log.LeadsGivenBack(returned);
        }
        catch (Exception e)
        {
            log.DutyFailed("signing off", e);   // the leads stay; the next router on this database has them
        }
    }

    public Task StoppedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>As long as something was due, each in a scope of its own.</summary>
    private Task Sweep(string duty, Func<Sweeper, Task<bool>> once, CancellationToken cancel) => Try(duty, async () =>
    {
        bool more;
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            more = await once(scope.ServiceProvider.GetRequiredService<Sweeper>());
        }
        while (more && !cancel.IsCancellationRequested);
    }, cancel);

    private Task Turn<T>(string duty, Func<T, Task> once, CancellationToken cancel) where T : notnull => Try(duty, async () =>
    {
        await using var scope = scopes.CreateAsyncScope();
        await once(scope.ServiceProvider.GetRequiredService<T>());
    }, cancel);

    private async Task Try(string duty, Func<Task> work, CancellationToken cancel)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            log.DutyFailed(duty, e);
        }
    }
}
