using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outdial.Platform.Storage;
using Outdial.Testing;

namespace Outdial.Platform.Tests;

/// <summary>A service on a database and a transport of its own: what a process of Outdial is, without the web.</summary>
public sealed class TestService(IHost host, string database) : IAsyncDisposable
{
    public string Database => database;
    public IServiceProvider Services => host.Services;
    public IBus Bus => Services.GetRequiredService<IBus>();

    /// <summary>Composes a service and does not start it.</summary>
    /// <param name="database">Connection string; a new database without it.</param>
    /// <param name="rabbit">Address of a broker; the in-memory transport without it.</param>
    public static async Task<TestService> Build(
        Action<IBusRegistrationConfigurator> messaging, string? database = null, string? rabbit = null, params (string Key, string Value)[] settings)
    {
        database ??= await PostgresServer.CreateDatabaseAsync("platform");
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:test"] = database,
            ["ConnectionStrings:rabbitmq"] = rabbit,
            ["Messaging:Transport"] = rabbit is null ? "memory" : "rabbitmq",
            ["Messaging:QuorumQueues"] = "false",
            ["Messaging:DeclareTopology"] = "false",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.AddDatabase<TestDb>("test").AddMessaging(messaging).AddBus();
        return new TestService(builder.Build(), database);
    }

    public static async Task<TestService> Start(
        Action<IBusRegistrationConfigurator> messaging, string? database = null, string? rabbit = null, params (string Key, string Value)[] settings)
    {
        var service = await Build(messaging, database, rabbit, settings);
        await service.Start();
        return service;
    }

    /// <summary>Gives a service that is not started its schema.</summary>
    public Task Migrate() => Services.GetServices<IHostedService>().OfType<DatabaseStarter<TestDb>>().Single().StartingAsync(CancellationToken.None);

    /// <summary>Starts it and does not wait for a broker.</summary>
    public Task StartAlone() => host.StartAsync();

    public async Task Start()
    {
        await host.StartAsync();
        using var limit = new CancellationTokenSource(Eventually.Patience, TimeProvider.System);
        await Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, limit.Token);
    }

    /// <summary>Publishes the way an HTTP handler does: the message and a note in one transaction.</summary>
    public async Task PublishWithNote<T>(T message, string note) where T : class
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TestDb>();
        db.Notes.Add(new Note { TextValue = note });
        await scope.ServiceProvider.GetRequiredService<IOutbox<TestDb>>().Publish(message, CancellationToken.None);
        await db.SaveChangesAsync();
    }

    /// <summary>Publishes all of them in one transaction.</summary>
    public async Task PublishTogether<T>(IEnumerable<T> messages) where T : class
    {
        await using var scope = Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox<TestDb>>();
        foreach (var message in messages)
            await outbox.Publish(message, CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<TestDb>().SaveChangesAsync();
    }

    public async Task<T> Query<T>(Func<TestDb, Task<T>> query)
    {
        await using var scope = Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<TestDb>());
    }

    public Task<List<string>> Notes() => Query(db => db.Notes.OrderBy(n => n.Id).Select(n => n.TextValue).ToListAsync());

    /// <summary>Waits until the condition holds.</summary>
    public static Task Until(Func<Task<bool>> condition, string what) => Eventually.Async(condition, what: what);

    public Task UntilNoted(string text) => Until(async () => (await Notes()).Contains(text), $"a note '{text}'");

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Patience, TimeProvider.System);
        await host.StopAsync(limit.Token);
        host.Dispose();
    }
}
