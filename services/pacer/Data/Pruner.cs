using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Pacing;

/// <summary>Forgets decisions that are older than anybody asks about. A busy campaign makes one a second.</summary>
internal sealed class DecisionPruner(IServiceScopeFactory scopes, IOptions<PacerOptions> options, TimeProvider clock, ILogger<DecisionPruner> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var oldest = clock.GetUtcNow() - options.Value.KeepDecisions;
                await scope.ServiceProvider.GetRequiredService<PacerDbContext>().Decisions.Where(d => d.At < oldest).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LoopFailed("pruning of decisions", e);
            }
        }
    }
}
