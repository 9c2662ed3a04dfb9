using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Outdial.Platform.Storage;

/// <inheritdoc cref="IDatabasePreparation"/>
/// <param name="mayMove">Rows that were restored from a dump are as good as any: nothing has to be done with them before the service serves.</param>
internal sealed class DatabasePreparation<TDb>(
    ServiceDatabase<TDb> database, DatabaseOptions options, ILoggerFactory logs, TimeProvider time, bool isAwaited = true, bool mayMove = true)
    : IDatabasePreparation
    where TDb : DbContext
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private const int RepeatEvery = 15;

    private readonly ILogger _log = logs.CreateLogger<DatabasePreparation<TDb>>();
    private readonly Migrator _migrator = new(logs.CreateLogger<Migrator>(), time);
    private readonly IReadOnlyList<Migration> _migrations = Migration.Of(database.Name, typeof(TDb).Assembly);
    private bool _isReady;

    public string Name => database.Name;

    public bool IsAwaited => isAwaited;

    public string? WaitsFor { get; private set; } = "not asked yet";

    public async Task PrepareAsync(TimeSpan limit, CancellationToken cancel)
    {
        if (_isReady)
            return;
        // A password may still be on its way to the server: whoever serves waits for that too.
        await Until(async () =>
            await (options.Migrate ? Migrate(null, cancel) : Look(cancel)) ?? await LookHome(cancel), limit, isSetUpLater: true, cancel);
        _isReady = true;
    }

    public Task MigrateAsync(CancellationToken cancel) =>
        Until(() => Migrate(options.GrantTo, cancel), options.StartTimeout, isSetUpLater: false, cancel);

    public async Task MoveHereAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await DatabaseHome.MoveAsync(connection, time.GetUtcNow(), cancel);
    }

    private async Task<string?> LookHome(CancellationToken cancel)
    {
        if (mayMove)
            return null;
        await using var connection = await database.OpenAsync(cancel);
        return await DatabaseHome.IsHereAsync(connection, cancel)
            ? null
            : "it was restored from a dump, and what happened since is not known here: run the verb restored (docs/backup.md)";
    }

    private async Task<string?> Migrate(string? grantTo, CancellationToken cancel)
    {
        try
        {
            await (await database.OpenAsync(cancel)).DisposeAsync();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await _migrator.CreateDatabaseAsync(database.ConnectionString, cancel);
        }
        await _migrator.ApplyAsync(database.Source, _migrations, cancel, grantTo);
        await using var connection = await database.OpenAsync(cancel);
        await DatabaseHome.SettleAsync(connection, time.GetUtcNow(), cancel);
        return null;
    }

    private async Task<string?> Look(CancellationToken cancel)
    {
        try
        {
            return await _migrator.MissingAsync(database.Source, _migrations, cancel) is { Count: > 0 } missing
                ? $"{missing.Count} scripts are not applied, the first is {missing[0].Id}: run the verb migrate"
                : null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return "it does not exist: run the verb migrate";
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return $"{e.MessageText}: run the verb migrate with Database:GrantTo";
        }
    }

    /// <param name="step">Null when it is done, else what is waited for.</param>
    private async Task Until(Func<Task<string?>> step, TimeSpan limit, bool isSetUpLater, CancellationToken cancel)
    {
        // Real time on purpose: an accelerated clock does not make a server start sooner.
        var started = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (reason, error) = await Try(step, isSetUpLater);
            if (reason is null)
            {
                WaitsFor = null;
                return;
            }
            if (limit != Timeout.InfiniteTimeSpan && TimeProvider.System.GetElapsedTime(started) > limit)
                throw new ServerAwayException($"The {Name} database was not usable within {limit} (Database:StartTimeout): {reason}", error);
            if (reason != WaitsFor || attempt % RepeatEvery == 1)
                _log.WaitingForDatabase(Name, attempt, reason);
            WaitsFor = reason;
            await Task.Delay(s_pause, TimeProvider.System, cancel);
        }
    }

    private static async Task<(string? Reason, Exception? Error)> Try(Func<Task<string?>> step, bool isSetUpLater)
    {
        try
        {
            return (await step(), null);
        }
        catch (Exception e) when (e is SocketException || DatabaseAway.Is(e) || (isSetUpLater && DatabaseAway.IsLoginRefused(e)))
        {
            return (e.Message, e);
        }
    }
}
