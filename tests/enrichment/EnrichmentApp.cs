using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Outdial.Contracts;
using Outdial.Enrichment.Data;
using Outdial.Platform;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Enrichment.Tests;

/// <summary>One replica of the service with a fake provider; several share a database when it is given.</summary>
internal sealed class EnrichmentApp : IAsyncDisposable
{
    private const string ApiKey = "a-key-for-the-tests-only";

    private readonly WebApplication _app;
    private readonly InFlight _inFlight;

    private EnrichmentApp(WebApplication app, TurnedClock clock, FakeProvider provider, Heard heard)
    {
        (_app, Clock, Provider, Heard) = (app, clock, provider, heard);
        clock.Tells(_inFlight = app.Services.GetRequiredService<InFlight>());
    }

    public TurnedClock Clock { get; }

    public FakeProvider Provider { get; }

    /// <summary>What this replica has published.</summary>
    public Heard Heard { get; }

    public required string Database { get; init; }

    public HttpClient Client { get; private set; } = null!;

    public IBus Bus => _app.Services.GetRequiredService<IBus>();

    public static Task<EnrichmentApp> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, null, settings);

    /// <summary>Another replica: the same database, clock and provider.</summary>
    public Task<EnrichmentApp> AnotherAsync(params (string Key, string Value)[] settings) => StartAsync(this, null, settings);

    public static async Task<EnrichmentApp> StartAsync(EnrichmentApp? beside, TurnedClock? time, params (string Key, string Value)[] settings)
    {
        var clock = beside?.Clock ?? time ?? new TurnedClock(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var provider = beside?.Provider ?? new FakeProvider(clock);
        var database = beside?.Database ?? await MigratedDatabase.CreateAsync("enrichment", typeof(EnrichmentDbContext).Assembly);
        var builder = TestApp.Builder("enrichment", database, clock, (ApiKey, "crm"), new Dictionary<string, string?>
        {
            ["Enrichment:PollInterval"] = "00:00:00.020",
            ["Accounts:default:Provider"] = "exotel",
            ["Accounts:default:AccountSid"] = "tests",
            ["Accounts:default:ApiKey"] = "key",
            ["Accounts:default:ApiToken"] = "token",
            ["Accounts:default:CallbackBaseAddress"] = "http://127.0.0.1:1/",
            ["Accounts:default:AllowPrivateAddresses"] = "true",
        }, settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)));
        builder.Logging.ClearProviders();
        var heard = new Heard();
        builder.Services.AddSingleton(heard);
        builder.AddServiceDefaults("enrichment");
        builder.AddEnrichment();
        builder.Services.RemoveAll<ITelephonyProviders>().AddSingleton<ITelephonyProviders>(provider);
        builder.AddMessaging(bus => bus.AddConsumer<HeardConsumer>());
        builder.AddInFlight(database);
        builder.AddBus();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapEnrichment();
        await app.StartAsync();
        return new EnrichmentApp(app, clock, provider, heard)
        {
            Database = database,
            Client = app.Client(ApiKey),
        };
    }

    public Task Ask(params string[] numbers) => Bus.Publish(new EnrichNumbers { Account = "default", Numbers = numbers });

    /// <summary>The first answer for a number.</summary>
    public Task<NumberEnriched> Answer(string number, string? status = null) => Eventually.Some(() => Task.FromResult(
        Heard.Numbers.FirstOrDefault(answer => answer.Number == number && (status is null || answer.Status == status))));

    /// <summary>Turns the clock second by second until the condition holds.</summary>
    public Task Until(Func<bool> condition, string what) => Clock.Until(() => Task.FromResult(condition()), what, TimeSpan.FromSeconds(1));

    public async Task<T> Rows<T>(Func<EnrichmentDbContext, Task<T>> read)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<EnrichmentDbContext>());
    }

    /// <summary>Ends this replica's work. What it is made of stays until the end of the test: the bus remembers the last logger.</summary>
    public async Task StopAsync()
    {
        await _inFlight.DisposeAsync();
        await _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
    }
}

internal sealed class Heard
{
    public ConcurrentQueue<NumberEnriched> Numbers { get; } = new();

    public ConcurrentQueue<CallDetailed> Details { get; } = new();
}

internal sealed class HeardConsumer(Heard heard) : IConsumer<NumberEnriched>, IConsumer<CallDetailed>
{
    public Task Consume(ConsumeContext<NumberEnriched> context)
    {
        heard.Numbers.Enqueue(context.Message);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<CallDetailed> context)
    {
        heard.Details.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}
