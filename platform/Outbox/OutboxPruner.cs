using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Outdial.Platform.Outbox;

/// <summary>Forgets handled messages and kept rows when nobody can need them any more. Real time throughout.</summary>
internal sealed class OutboxPruner<TDb>(ServiceDatabase<TDb> database, IOptions<MessagingOptions> options, ILogger<OutboxPruner<TDb>> log)
    : BackgroundService
    where TDb : DbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first turn comes one retention after the start, not at it: what was kept through a long standstill is
        // redelivered first, and needs its inbox rows then.
        using var timer = new PeriodicTimer(options.Value.MemoryRetention, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Prune(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.PrunerStopped(database.Name);
        }
    }

    private async Task Prune(CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        try
        {
            await OutboxTable.Prune(database.Source, now - options.Value.MemoryRetention, now - options.Value.InboxRetention, cancel);
        }
        catch (NpgsqlException e)
        {
            log.PruneFailed(e, database.Name);
        }
    }
}
