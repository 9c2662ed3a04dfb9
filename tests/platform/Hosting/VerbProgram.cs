using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Hosting;

/// <summary>A service's Program.cs in small, run in this process with the words of a command line.</summary>
public sealed class VerbProgram(string database, params (string Key, string Value)[] settings)
{
    public string Database => database;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}/");

    /// <summary>What the program has to do with a restored database; null: nothing.</summary>
    public Func<DateTimeOffset, string>? AfterRestore { get; init; }

    /// <summary>What else the program has.</summary>
    public Action<IServiceCollection>? Also { get; init; }

    /// <summary>A program whose database does not exist yet.</summary>
    public static async Task<VerbProgram> WithoutDatabase(params (string Key, string Value)[] settings) =>
        new(new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Database = $"verbs_{Guid.NewGuid():N}" }.ConnectionString, settings);

    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> Run(params string[] args) => Run(args, CancellationToken.None);

    public async Task<int> Run(string[] args, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:test"] = database,
            ["urls"] = Address.ToString(),
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.AddServiceDefaults("test");
        builder.Logging.ClearProviders();
        builder.AddDatabase<TestDb>("test").AddBus();
        if (AfterRestore is { } step)
        {
            builder.Services.AddSingleton(step);
            builder.Services.AddAfterRestore<TestDb, RestoreStep>();
        }
        Also?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapServiceDefaults();
        return await app.RunServiceAsync(args, stop);
    }

    /// <summary>Starts it as a serving process.</summary>
    public ServingProgram Serve() => new(this);

    /// <summary>The status of one of its health addresses; 0 while nothing answers there.</summary>
    public async Task<int> Health(string what)
    {
        using var client = new HttpClient { BaseAddress = Address };
        try
        {
            using var answer = await client.GetAsync("health/" + what);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public async Task<object?> Scalar(string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

internal sealed class RestoreStep(Func<DateTimeOffset, string> step) : IAfterRestore
{
    public string Database => "test";

    public async IAsyncEnumerable<string> RunAsync(DateTimeOffset dumpedAt, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        yield return step(dumpedAt);
    }
}

/// <summary>A program that serves until it is disposed.</summary>
public sealed class ServingProgram : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public ServingProgram(VerbProgram program) => Ended = Task.Run(() => program.Run([], _stop.Token));

    /// <summary>Its exit code.</summary>
    public Task<int> Ended { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended;
        _stop.Dispose();
    }
}
