using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Outdial.LocalServers;
using Testcontainers.PostgreSql;

namespace Outdial.Testing;

/// <summary>
/// The PostgreSQL of a test process: the one <c>OUTDIAL_TEST_POSTGRES</c> leads to, else one that is started at first use and stopped with the
/// process, in a container or privately (<see cref="StartedServer.ChoiceVariable"/>). Tests share the server and never a database.
/// </summary>
public static class PostgresServer
{
    /// <summary>Name of the variable with the connection string of a server whose user may create databases.</summary>
    public const string Variable = "OUTDIAL_TEST_POSTGRES";

    private const int MaxConnections = 300;
    private static readonly Lazy<Task<string>> Server = new(FindAsync);
    private static int _databases;

    /// <summary>The server's maintenance database.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    /// <summary>A new database, another one at every call.</summary>
    /// <param name="name">Part of its name, for those who look into the server.</param>
    /// <param name="template">The database of which it is a copy; null: it is empty.</param>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateDatabaseAsync(string name, string? template = null)
    {
        var server = await Server.Value;
        var unique = $"{name}_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}_{Guid.NewGuid():N}"[..Math.Min(60, name.Length + 30)].ToLowerInvariant().Replace('-', '_');
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Pooling = false });
        await using var connection = await source.OpenConnectionAsync();
        // Files are copied whole: with a log that nobody waits for, that is the cheaper of a server's two ways, where it has two.
        var way = connection.PostgreSqlVersion.Major >= 15 ? "strategy file_copy" : "";
        await using var create = new NpgsqlCommand($"create database \"{unique}\" template \"{template ?? "template1"}\" {way}", connection);
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

    /// <summary>Starts a server, without its safety against a power cut, unless <see cref="Variable"/> leads to one.</summary>
    /// <param name="say">Is told what is done.</param>
    /// <param name="cancel">Gives up the start.</param>
    /// <exception cref="LocalServerException">It cannot be had; says what to do.</exception>
    public static Task<StartedServer> StartAsync(Action<string> say, CancellationToken cancel) =>
        StartedServer.ChooseAsync("PostgreSQL", Variable, engine => InDockerAsync(engine, say, cancel), () => PrivatelyAsync(say, cancel), say, cancel);

    private static async Task<StartedServer> InDockerAsync(DockerEngine engine, Action<string> say, CancellationToken cancel)
    {
        var taken = Stopwatch.StartNew();
        var image = await engine.ImageAsync("postgres", say, cancel);
        // The builder's own settings give up the safety.
        var container = new PostgreSqlBuilder(image)
            .WithDatabase("postgres").WithUsername("outdial").WithPassword(Guid.NewGuid().ToString("N"))
            .WithCommand("-c", $"max_connections={MaxConnections}")
            .WithCreateParameterModifier(parameters => parameters.HostConfig!.ShmSize = 256 << 20)
            .WithCreateParameterModifier(engine.KeepHere)
            .WithLabel(DockerEngine.OwnerLabel, DockerEngine.Owner)
            .WithLogger(NullLogger.Instance)
            .Build();
        var server = await engine.StartAsync(container, started => new()
        {
            [Variable] = new NpgsqlConnectionStringBuilder(started.GetConnectionString()) { Pooling = false }.ConnectionString,
        }, cancel);
        say($"PostgreSQL answers in a container of {image} ({taken.Elapsed.TotalSeconds:0.0} s)");
        return server;
    }

    private static async Task<StartedServer> PrivatelyAsync(Action<string> say, CancellationToken cancel)
    {
        var taken = Stopwatch.StartNew();
        var folder = TemporaryFolder.Make("postgres");
        var server = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions(folder) { Fsync = false, ManyDatabases = true, MaxConnections = MaxConnections }, cancel);
        say($"PostgreSQL answers on port {server.Port}, a private server ({taken.Elapsed.TotalSeconds:0.0} s)");
        return new(new Dictionary<string, string> { [Variable] = server.ConnectionString }, async () =>
        {
            await server.StopAsync();
            TemporaryFolder.Remove(folder);
        });
    }

    private static async Task<string> FindAsync()
    {
        var started = await StartAsync(StartedServer.Say, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => started.StopAsync().GetAwaiter().GetResult();
        return started.Variables.GetValueOrDefault(Variable) ?? Environment.GetEnvironmentVariable(Variable)!;
    }
}
