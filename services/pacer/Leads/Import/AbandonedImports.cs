using Npgsql;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Ends imports whose process died while reading: at start, and once a minute for those of other processes.</summary>
internal sealed class AbandonedImports(IServiceScopeFactory scopes, TimeProvider time, ILogger<AbandonedImports> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Real minutes, also under an accelerated clock: processes die in real time, and looking costs a query.
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), TimeProvider.System);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                if (await scope.ServiceProvider.GetRequiredService<ImportStore>().FailAbandoned(time.GetUtcNow(), stoppingToken) is > 0 and var count)
                    log.ImportsAbandoned(count);
            }
            catch (NpgsqlException e)
            {
                log.AbandonedNotFound(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
