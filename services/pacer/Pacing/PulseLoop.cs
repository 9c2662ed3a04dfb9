using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Pacing;

/// <summary>
/// The clock that turns the pulses: at each tick, and when somebody cannot wait for it, every campaign that is due is looked at, one
/// transaction each.
/// </summary>
internal sealed class PulseLoop(
    IServiceScopeFactory scopes, PulseSignal signal, IOptions<PacerOptions> options, TimeProvider clock, ILogger<PulseLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PulseInterval, clock);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var woken = signal.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await All(stoppingToken);
            await Task.WhenAny(tick, woken);
            if (woken.IsCompleted)
            {
                signal.Clear();
                woken = signal.WaitAsync(stoppingToken);
            }

            if (!tick.IsCompleted)
                continue;
            if (!await tick)
                return;
            tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        }
    }

    private async Task All(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested && await Once(cancel))
            {
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LoopFailed("pulse", e);
        }
    }

    /// <summary>Looks at one due campaign. False when none was due, or another writer came first.</summary>
    private async Task<bool> Once(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var pulse = scope.ServiceProvider.GetRequiredService<CampaignPulse>();
        try
        {
            return await pulse.Turn(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Another account's pulse opened an attempt to the same person between our look and our insert.
            log.PulseLostRace(pulse.CampaignId);
            return false;
        }
    }
}
