using Microsoft.EntityFrameworkCore;

namespace Outdial.Enrichment.Data;

/// <summary>Deletes what nobody needs any more: numbers long expired (they are personal data) and details long done.</summary>
public sealed partial class Pruner(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Pruner> log) : BackgroundService
{
    private static readonly TimeSpan NumbersKept = TimeSpan.FromDays(30), DetailsKept = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Real time: on an accelerated clock the rows age faster, but there is no more work in them.
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await PruneAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Stopped(log);
        }
    }

    public async Task PruneAsync(CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<EnrichmentDbContext>();
            DateTimeOffset expired = clock.GetUtcNow() - NumbersKept, done = clock.GetUtcNow() - DetailsKept;
            await db.Numbers.Where(number => number.ExpiresAt < expired).ExecuteDeleteAsync(cancel);
            await db.DetailRequests.Where(request => request.DoneAt < done).ExecuteDeleteAsync(cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            Failed(log, failure);
        }
    }

    [LoggerMessage(EventId = 3201, Level = LogLevel.Warning, Message = "Old rows could not be deleted; tried again in an hour")]
    private static partial void Failed(ILogger log, Exception failure);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Debug, Message = "Stopped deleting old rows")]
    private static partial void Stopped(ILogger log);
}
