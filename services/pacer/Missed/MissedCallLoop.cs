using Microsoft.Extensions.Options;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Missed;

/// <summary>The clock that turns the desk of missed calls: one look-up at a time in each process.</summary>
internal sealed class MissedCallLoop(IServiceScopeFactory scopes, IOptions<PacerOptions> options, TimeProvider clock, ILogger<MissedCallLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var again = false;
        using var timer = new PeriodicTimer(options.Value.PulseInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await Next(again, stoppingToken))
                    again = !again;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LoopFailed("desk of missed calls", e);
            }
        }
    }

    private async Task<bool> Next(bool again, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MissedCallDesk>().Next(again, cancel);
    }
}
