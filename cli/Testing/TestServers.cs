using System.Diagnostics;
using Outdial.LocalServers;

namespace Outdial.Cli.Testing;

/// <summary>The servers that all test projects of a run share. Where a variable already leads to a server, that one is used.</summary>
public sealed class TestServers : IAsyncDisposable
{
    // Read by tests/testing, which may not know this project.
    private const string PostgresVariable = "OUTDIAL_TEST_POSTGRES", RabbitVariable = "OUTDIAL_TEST_RABBITMQ", RabbitFolderVariable = "OUTDIAL_TEST_RABBITMQ_FOLDER";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"outdial-servers-{System.Environment.ProcessId}");
    private readonly Dictionary<string, string> _environment = [];
    private PrivatePostgres? _postgres;
    private PrivateRabbitMq? _rabbit;

    private TestServers()
    {
    }

    /// <summary>What tests need to find the servers.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    /// <summary>Starts both servers, without their safety against a power cut.</summary>
    public static async Task<TestServers> StartAsync(CancellationToken cancel)
    {
        var servers = new TestServers();
        try
        {
            await Task.WhenAll(servers.StartPostgresAsync(cancel), servers.StartRabbitAsync(cancel));
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_rabbit is not null)
            await _rabbit.StopAsync();
        if (_postgres is not null)
            await _postgres.StopAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartPostgresAsync(CancellationToken cancel)
    {
        if (IsGiven(PostgresVariable, "PostgreSQL"))
            return;
        var taken = Stopwatch.StartNew();
        _postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(Path.Combine(_folder, "postgres")) { Fsync = false }, cancel);
        _environment[PostgresVariable] = _postgres.ConnectionString;
        Console.WriteLine($"PostgreSQL answers on port {_postgres.Port} ({taken.Elapsed.TotalSeconds:0.0} s)");
    }

    private async Task StartRabbitAsync(CancellationToken cancel)
    {
        if (IsGiven(RabbitVariable, "RabbitMQ"))
            return;
        var taken = Stopwatch.StartNew();
        _rabbit = await PrivateRabbitMq.StartAsync(new PrivateRabbitMqOptions(Path.Combine(_folder, "rabbitmq")), cancel);
        _environment[RabbitVariable] = _rabbit.Address.ToString();
        _environment[RabbitFolderVariable] = _rabbit.Folder;
        Console.WriteLine($"RabbitMQ answers on port {_rabbit.Address.Port} ({taken.Elapsed.TotalSeconds:0.0} s)");
    }

    private static bool IsGiven(string variable, string server)
    {
        if (string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable(variable)))
            return false;
        Console.WriteLine($"{server}: the one {variable} leads to");
        return true;
    }
}
