using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Pacer.Missed;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Data;

/// <summary>Forgets what nobody asks about any more: decisions, of which a busy campaign makes one a second, keys of single calls, and missed calls.</summary>
internal sealed class Pruner(IServiceScopeFactory scopes, IOptions<PacerOptions> options, TimeProvider clock, ILogger<Pruner> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<PacerDbContext>();
                var now = clock.GetUtcNow();
                DateTimeOffset decided = now - options.Value.KeepDecisions, used = now - options.Value.KeepCallKeys, missed = now - options.Value.KeepMissedCalls;
                await db.Decisions.Where(d => d.At < decided).ExecuteDeleteAsync(stoppingToken);
                await db.CallKeys.Where(k => k.UsedAt <= used).ExecuteDeleteAsync(stoppingToken);
                await db.MissedCalls.Where(m => m.State != MissedCallStates.Waiting && m.DecidedAt < missed).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LoopFailed("pruning", e);
            }
        }
    }
}
