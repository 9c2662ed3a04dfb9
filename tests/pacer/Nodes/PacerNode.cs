using System.Net.Http.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Nodes;

/// <summary>One pacer process as it runs in production, but for the provider and the clock, which the test holds.</summary>
internal sealed class PacerNode : IAsyncDisposable
{
    public const string Key = "test-key-of-a-supervisor-0123456789";

    private readonly WebApplication _app;
    private HttpClient? _http;

    private readonly InFlight _inFlight;

    private PacerNode(WebApplication app, TurnedClock clock, FakeProviders provider, FakeRouter router, string database)
    {
        (_app, Clock, Provider, Router, Database) = (app, clock, provider, router, database);
        _inFlight = app.Services.GetRequiredService<InFlight>();
    }

    public TurnedClock Clock { get; }
    public FakeProviders Provider { get; }
    public FakeRouter Router { get; }
    public string Database { get; }
    public HttpClient Http => _http ??= _app.Client(Key);
    public IServiceProvider Services => _app.Services;

    /// <summary>Wednesday 14 January 2026, 12:00 in India: a calling hour.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    /// <summary>Agents are not taken for gone though hours pass and nobody speaks of them again.</summary>
    public static readonly IReadOnlyDictionary<string, string?> AgentsStay = new Dictionary<string, string?> { ["Pacer:AgentSilence"] = "12:00:00" };

    /// <summary>A database with the service's schema, as a process finds it that starts when the scripts are applied.</summary>
    public static Task<string> CreateDatabase() => MigratedDatabase.CreateAsync("pacer", typeof(PacerDbContext).Assembly);

    public static async Task<PacerNode> Start(
        string? database = null, TurnedClock? clock = null, FakeProviders? provider = null, IReadOnlyDictionary<string, string?>? settings = null,
        FakeRouter? router = null)
    {
        var node = Compose(database ?? await CreateDatabase(), clock, provider, settings, router);
        await node._app.StartAsync();
        node.Clock.Tells(node._inFlight);
        return node;
    }

    /// <summary>Runs what is to be done with a database after it was restored from a dump, and ends.</summary>
    public static async Task<IReadOnlyList<string>> AfterRestore(
        string database, TurnedClock clock, FakeProviders provider, DateTimeOffset dumpedAt, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var node = Compose(database, clock, provider, settings, null);
        await using var app = node._app;
        await using var scope = app.Services.CreateAsyncScope();
        List<string> said = [];
        await foreach (var sentence in scope.ServiceProvider.GetRequiredService<IAfterRestore>().RunAsync(dumpedAt, default))
            said.Add(sentence);
        return said;
    }

    private static PacerNode Compose(
        string database, TurnedClock? clock, FakeProviders? provider, IReadOnlyDictionary<string, string?>? settings, FakeRouter? router)
    {
        clock ??= new TurnedClock(Noon);
        provider ??= new FakeProviders(clock);
        router ??= new FakeRouter(clock);
        var builder = TestApp.Builder("pacer", database, clock, (Key, "supervisor"), new Dictionary<string, string?>
        {
            ["Accounts:default:Provider"] = "exotel",
            ["Accounts:default:BaseAddress"] = "http://127.0.0.1:9/",
            ["Accounts:default:AccountSid"] = "test",
            ["Accounts:default:ApiKey"] = "key",
            ["Accounts:default:ApiToken"] = "token",
            ["Accounts:default:Flow"] = "926",
            ["Accounts:default:AgentFlow"] = "777",
            ["Accounts:default:CallbackBaseAddress"] = "http://127.0.0.1:9/",
            ["Accounts:default:AllowPrivateAddresses"] = "true",
            ["Pacer:RecordsWait"] = "00:00:00",   // most tests end without any records
        }, settings ?? new Dictionary<string, string?>());
        builder.AddServiceDefaults("pacer");
        builder.AddPacer();
        builder.AddFakeRouter(router);
        builder.Services.Replace(ServiceDescriptor.Singleton<ITelephonyProviders>(provider));
        builder.AddInFlight(database);
        builder.AddBus();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapPacer();
        return new(app, clock, provider, router, database);
    }

    /// <summary>Turns the clock second by second until the condition holds.</summary>
    public Task Until(Func<PacerDbContext, Task<bool>> condition, string what, TimeSpan? step = null) =>
        Clock.Until(() => Ask(condition), what, step ?? TimeSpan.FromSeconds(1));

    public async Task<T> Ask<T>(Func<PacerDbContext, Task<T>> question)
    {
        await using var scope = Services.CreateAsyncScope();
        return await question(scope.ServiceProvider.GetRequiredService<PacerDbContext>());
    }

    public Task Publish<T>(T message) where T : class => Services.GetRequiredService<IBus>().Publish(message);

    /// <summary>Publishes as the broker would deliver: the same id names the same message.</summary>
    public Task Publish(object message, Guid id) => Services.GetRequiredService<IBus>().Publish(message, message.GetType(), x => x.MessageId = id);

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await _inFlight.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
