using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Outdial.Platform.Storage;

/// <summary>Brings a database to the schema that the scripts describe. Safe when several processes start at once.</summary>
public sealed class Migrator(ILogger<Migrator> log, TimeProvider time)
{
    // Any constant does, as long as every version of Outdial uses the same one.
    private const long Lock = 0x4f75_7464_6961_6c;

    // A script that changes a table waits for those who use it, and all who come later wait behind the script. So it gives up
    // soon, lets them pass, and tries again.
    private const string LockTimeout = "3s";
    private const int LockTries = 40;

    /// <summary>Creates the database named by the connection string if it does not exist.</summary>
    /// <exception cref="PostgresException">The user may not create databases.</exception>
    public async Task CreateDatabaseAsync(string connectionString, CancellationToken cancel)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var database = target.Database!;
        target.Database = "postgres";
        target.Pooling = false;

        await using var connection = new NpgsqlConnection(target.ConnectionString);
        await connection.OpenAsync(cancel);
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(database);
        try
        {
            await using var create = new NpgsqlCommand($"create database {quoted}", connection);
            await create.ExecuteNonQueryAsync(cancel);
            log.DatabaseCreated(database);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process created it first; the unique violation is how PostgreSQL reports a tie.
            log.DatabaseExists(database);
        }
    }

    /// <summary>Applies what is not applied yet, each script in a transaction of its own. One process works, the others wait.</summary>
    /// <param name="grantTo">Role that gets the rights of one that serves; null for none.</param>
    /// <exception cref="SchemaRefusedException">A script that was applied before has another text now.</exception>
    /// <exception cref="PostgresException">A script failed; those before it stay applied.</exception>
    public async Task ApplyAsync(NpgsqlDataSource source, IReadOnlyList<Migration> migrations, CancellationToken cancel, string? grantTo = null)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await Run(connection, $"select pg_advisory_lock({Lock})", cancel);
        try
        {
            await Run(connection,
                "create table if not exists schema_history (script text primary key, checksum text not null, applied_at timestamptz not null)",
                cancel);
            var applied = await History(connection, cancel);
            foreach (var migration in migrations)
                Refuse(migration, applied);
            foreach (var migration in migrations.Where(m => !applied.ContainsKey(m.Id)))
                await ApplyPatiently(connection, migration, cancel);
            if (grantTo is { Length: > 0 })
            {
                await DatabaseGrants.GrantAsync(connection, grantTo, cancel);
                log.RightsGranted(grantTo, connection.Database);
            }
        }
        finally
        {
            // A connection that broke has lost its lock with it.
            if (connection.State == ConnectionState.Open)
                await Run(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>The scripts that are not applied yet. Scripts of a newer version are no hindrance: they only add.</summary>
    /// <exception cref="SchemaRefusedException">A script that was applied before has another text.</exception>
    /// <exception cref="PostgresException">The history may not be read.</exception>
    public async Task<IReadOnlyList<Migration>> MissingAsync(NpgsqlDataSource source, IReadOnlyList<Migration> migrations, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        Dictionary<string, string> applied;
        try
        {
            applied = await History(connection, cancel);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return migrations;
        }
        foreach (var migration in migrations)
            Refuse(migration, applied);
        if (applied.Keys.Except(migrations.Select(m => m.Id)).Count() is > 0 and var newer)
            log.DatabaseIsNewer(connection.Database, newer);
        return [.. migrations.Where(m => !applied.ContainsKey(m.Id))];
    }

    private static void Refuse(Migration migration, Dictionary<string, string> applied)
    {
        if (applied.TryGetValue(migration.Id, out var checksum) && checksum != migration.Checksum)
            throw new SchemaRefusedException(
                $"The migration {migration.Id} was applied to this database with another text (checksum {checksum[..12]}, " +
                $"now {migration.Checksum[..12]}). Restore its text and put the change into a new script.");
    }

    private async Task ApplyPatiently(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Apply(connection, migration, cancel);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                && attempt < LockTries)
            {
                log.MigrationWaits(migration.Id, attempt, e.MessageText);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancel);
            }
        }
    }

    private async Task Apply(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Run(connection, $"set local lock_timeout = '{LockTimeout}'", cancel);
        await using (var script = new NpgsqlCommand(migration.Sql, connection, transaction) { CommandTimeout = 0 })
            await script.ExecuteNonQueryAsync(cancel);

        await using var record = new NpgsqlCommand(
            "insert into schema_history (script, checksum, applied_at) values ($1, $2, $3)", connection, transaction);
        record.Parameters.Add(new() { Value = migration.Id });
        record.Parameters.Add(new() { Value = migration.Checksum });
        record.Parameters.Add(new() { Value = time.GetUtcNow() });
        await record.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        log.MigrationApplied(migration.Id);
    }

    private static async Task<Dictionary<string, string>> History(NpgsqlConnection connection, CancellationToken cancel)
    {
        var applied = new Dictionary<string, string>();
        await using var select = new NpgsqlCommand("select script, checksum from schema_history", connection);
        await using var rows = await select.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            applied[rows.GetString(0)] = rows.GetString(1);
        return applied;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
