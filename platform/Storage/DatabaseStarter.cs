using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Outdial.Platform.Storage;

/// <summary>
/// Waits for the database and migrates it. It works in <see cref="StartingAsync"/>, which the host completes for every
/// service before it starts the first: no consumer and no loop ever meets a schema that is not there yet.
/// </summary>
public sealed class DatabaseStarter<TDb>(
    ServiceDatabase<TDb> database, DatabaseOptions options, ILoggerFactory logs, TimeProvider time) : IHostedLifecycleService
    where TDb : DbContext
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly ILogger _log = logs.CreateLogger<DatabaseStarter<TDb>>();
    private readonly Migrator _migrator = new(logs.CreateLogger<Migrator>(), time);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await WaitForDatabase(cancellationToken);
        if (options.Migrate)
            await _migrator.ApplyAsync(database.Source, Migration.Of(database.Name, typeof(TDb).Assembly), cancellationToken);
    }

    private async Task WaitForDatabase(CancellationToken cancel)
    {
        // Real time on purpose: an accelerated clock does not make a server start sooner.
        var started = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await database.OpenAsync(cancel);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName && options.Migrate)
            {
                await _migrator.CreateDatabaseAsync(database.ConnectionString, cancel);
            }
            catch (NpgsqlException e) when (MayPass(e))
            {
                if (TimeProvider.System.GetElapsedTime(started) > options.StartTimeout)
                    throw new InvalidOperationException(
                        $"The {database.Name} database did not answer within {options.StartTimeout} (Database:StartTimeout): {e.Message}", e);
                _log.WaitingForDatabase(database.Name, attempt, e.Message);
                await Task.Delay(s_pause, TimeProvider.System, cancel);
            }
        }
    }

    // A wrong password or a missing right does not heal by waiting; a server that is starting or away does.
    private static bool MayPass(NpgsqlException e) =>
        e is not PostgresException refused || refused.IsTransient || refused.SqlState == PostgresErrorCodes.CannotConnectNow;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
