using Npgsql;
using Outdial.LocalServers;

namespace Outdial.Testing;

/// <summary>
/// The PostgreSQL of a test process: the one <c>OUTDIAL_TEST_POSTGRES</c> leads to, else a private one that is started
/// at first use and stopped with the process. Tests share the server and never a database.
/// </summary>
public static class PostgresServer
{
    /// <summary>Name of the variable with the connection string of a server whose user may create databases.</summary>
    public const string Variable = "OUTDIAL_TEST_POSTGRES";

    private static readonly Lazy<Task<string>> Server = new(StartAsync);
    private static int _databases;

    /// <summary>The server's maintenance database.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    /// <summary>A new, empty database, another one at every call.</summary>
    /// <param name="name">Part of its name, for those who look into the server.</param>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateDatabaseAsync(string name)
    {
        var server = await Server.Value;
        var unique = $"{name}_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}_{Guid.NewGuid():N}"[..Math.Min(60, name.Length + 30)].ToLowerInvariant().Replace('-', '_');
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Pooling = false });
        await using var create = source.CreateCommand($"create database \"{unique}\"");
        await create.ExecuteNonQueryAsync();
        // Many small pools share one server: let them give connections back early.
        return new NpgsqlConnectionStringBuilder(server)
        {
            Database = unique,
            Pooling = true,
            MaxPoolSize = 40,
            ConnectionIdleLifetime = 5,
            ConnectionPruningInterval = 2,
        }.ConnectionString;
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return given;
        var folder = TemporaryFolder.Make("postgres");
        var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(folder) { Fsync = false });
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.StopAsync().GetAwaiter().GetResult();
            TemporaryFolder.Remove(folder);
        };
        return server.ConnectionString;
    }
}
