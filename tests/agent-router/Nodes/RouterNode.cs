using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outdial.AgentRouter.Data;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>
/// A router within the test's process, as it runs in production, but for the clock, which the test holds unless it gives a real one.
/// </summary>
internal sealed class RouterNode : IAsyncDisposable
{
    public const string Key = "test-key-of-a-supervisor-0123456789";
    public const string AdminKey = "test-key-of-an-admin-01234567890123";

    /// <summary>Wednesday 14 January 2026, 12:00 in India.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly InFlight? _inFlight;

    private RouterNode(WebApplication app, TimeProvider time, string database)
    {
        (_app, Time, Database) = (app, time, database);
        _inFlight = app.Services.GetService<InFlight>();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient { BaseAddress = new Uri(address) };
        Http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        Provider = new HttpClient { BaseAddress = new Uri(address) };
        Token = TokenOf(CallbackPurpose.DialWhom);
        StayToken = TokenOf(CallbackPurpose.Stay);
    }

    /// <summary>What the router takes for the time.</summary>
    public TimeProvider Time { get; }

    /// <summary>The same, where the test holds it.</summary>
    public TurnedClock Clock => (TurnedClock)Time;

    public string Database { get; }

    /// <summary>A supervisor's client.</summary>
    public HttpClient Http { get; }

    /// <summary>The provider's client: no key, only what the address carries.</summary>
    public HttpClient Provider { get; }

    /// <summary>The token of the account's address for DialWhom.</summary>
    public string Token { get; }

    /// <summary>That of its address for staying.</summary>
    public string StayToken { get; }

    /// <summary>A token of any purpose.</summary>
    public string TokenOf(CallbackPurpose purpose, Guid? subject = null) => Services.GetRequiredService<CallbackTokens>()
        .Issue(new CallbackClaims(purpose, subject ?? Guid.CreateVersion7(), "default", Time.GetUtcNow() + TimeSpan.FromDays(365)));

    /// <summary>What the provider sends back of our request for a line or attempt.</summary>
    public string Echo(Guid id) => Services.GetRequiredService<CallbackEchoes>().Of(id, "default");

    public IServiceProvider Services => _app.Services;

    /// <summary>What went over the bus, in the order of its arrival.</summary>
    public Heard Heard => Services.GetRequiredService<Heard>();

    /// <summary>A database with the service's schema, as a process finds it that starts when the scripts are applied.</summary>
    public static Task<string> CreateDatabase() => MigratedDatabase.CreateAsync("router", typeof(RouterDbContext).Assembly);

    public static async Task<RouterNode> Start(
        string? database = null, TimeProvider? clock = null, IReadOnlyDictionary<string, string?>? settings = null, bool listens = true,
        Action<WebApplicationBuilder>? beside = null, Action<WebApplication>? map = null)
    {
        database ??= await CreateDatabase();
        clock ??= new TurnedClock(Noon);
        var builder = WebApplication.CreateBuilder(Unwatched.Options);
        builder.Configuration.AddInMemoryCollection(Settings(database));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = "http://127.0.0.1:0", ["Messaging:Transport"] = "memory" });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddServiceDefaults("agent-router");
        builder.AddAgentRouter();
        builder.Services.AddSingleton<Heard>();
        beside?.Invoke(builder);
        if (listens)
            builder.AddMessaging(bus => bus.AddConsumer<Ear, EarDefinition>());
        // Of messages that a broker has nobody here can tell whether they are in flight.
        if (clock is TurnedClock && builder.Configuration["Messaging:Transport"] == "memory")
            builder.AddInFlight(builder.Configuration.GetSection("ConnectionStrings").GetChildren().Select(database => database.Value!));
        builder.AddBus();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapAgentRouter();
        map?.Invoke(app);
        await app.StartAsync();
        var node = new RouterNode(app, clock, database);
        if (node._inFlight is { } inFlight)
            node.Clock.Tells(inFlight);
        return node;
    }

    /// <summary>What a router is told by its configuration, in this process or in one of its own.</summary>
    public static Dictionary<string, string?> Settings(string database) => new()
    {
        ["ConnectionStrings:router"] = database,
        ["Webhooks:SigningKey"] = "a-signing-key-for-tests-of-at-least-32-characters",
        ["ApiKeys:0:Name"] = "tests",
        ["ApiKeys:0:Key"] = Key,
        ["ApiKeys:0:Role"] = "supervisor",
        ["ApiKeys:1:Name"] = "admin",
        ["ApiKeys:1:Key"] = AdminKey,
        ["ApiKeys:1:Role"] = "admin",
        ["Accounts:default:Provider"] = "exotel",
        ["Accounts:default:AgentFlow"] = "383431",
        ["Accounts:default:CallbackBaseAddress"] = "https://outdial.example/",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Metrics:KeptFor"] = "00:00:00",
        ["Router:AnswerWithin"] = "00:01:00",   // a loaded machine is no reason for an answer with nobody
        ["Router:NextLeadAfter"] = "00:00:00",   // tests ask again while their clock stands still
        ["Router:WaitForCallId"] = "00:00:00",
    };

    /// <summary>Turns the clock second by second until the condition holds.</summary>
    public Task Until(Func<RouterDbContext, Task<bool>> condition, string what, TimeSpan? step = null) =>
        Clock.Until(() => Ask(condition), what, step ?? TimeSpan.FromSeconds(1));

    /// <summary>Waits, the clock standing still, until the condition holds.</summary>
    public Task Soon(Func<RouterDbContext, Task<bool>> condition, string what) => Eventually.Async(() => Ask(condition), null, what);

    public async Task<T> Ask<T>(Func<RouterDbContext, Task<T>> question)
    {
        await using var scope = Services.CreateAsyncScope();
        return await question(scope.ServiceProvider.GetRequiredService<RouterDbContext>());
    }

    /// <summary>By its own type, as the services do.</summary>
    /// <summary>Publishes, and waits until a consumer that changes rows has committed what it made of it.</summary>
    public async Task IsHandled(object message)
    {
        var id = NewId.NextGuid();
        await Services.GetRequiredService<IBus>().Publish(message, message.GetType(), context => context.MessageId = id);
        await Soon(db => db.Database.SqlQuery<bool>($"select exists (select from inbox_messages where message_id = {id}) as \"Value\"").SingleAsync(), "it is handled");
    }

    public Task Publish(object message) => Services.GetRequiredService<IBus>().Publish(message, message.GetType());

    public async Task<JsonElement> Post(string path, object? body = null)
    {
        var answer = await Http.PostAsJsonAsync($"/api/v1/{path}", body ?? new { });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Provider.Dispose();
        if (_inFlight is not null)
            await _inFlight.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>What the router published.</summary>
internal sealed class Heard
{
    private readonly ConcurrentQueue<object> _all = new();

    public void Add(object message) => _all.Enqueue(message);

    public List<T> Of<T>() => [.. _all.OfType<T>()];
}
