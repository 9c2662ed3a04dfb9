using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Outdial.Analytics.Data;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Analytics.Tests;

/// <summary>The service on a database of its own, with a clock that the test turns.</summary>
internal sealed class AnalyticsApp : IAsyncDisposable
{
    private const string ApiKey = "a-key-for-the-tests-only";

    private readonly WebApplication _app;

    private AnalyticsApp(WebApplication app, FakeTimeProvider clock, Heard heard) => (_app, Clock, Heard) = (app, clock, heard);

    public FakeTimeProvider Clock { get; }

    /// <summary>The advice that reached the bus.</summary>
    public Heard Heard { get; }

    public IServiceProvider Services => _app.Services;

    public IBus Bus => _app.Services.GetRequiredService<IBus>();

    public HttpClient Client { get; private set; } = null!;

    public static Task<AnalyticsApp> StartAsync(params (string Key, string Value)[] settings) =>
        StartAsync(new FakeTimeProvider(Told.Noon), settings);

    /// <summary>By default nobody looks at the rates but the test.</summary>
    public static async Task<AnalyticsApp> StartAsync(FakeTimeProvider clock, params (string Key, string Value)[] settings)
    {
        var database = await MigratedDatabase.CreateAsync("analytics", typeof(AnalyticsDbContext).Assembly);
        var builder = TestApp.Builder("analytics", database, clock, (ApiKey, "crm"), new Dictionary<string, string?>
        {
            ["Analytics:Advice:Interval"] = "00:01:00",
        }, settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)));
        builder.Logging.ClearProviders();
        var heard = new Heard();
        builder.Services.AddSingleton(heard);
        builder.AddServiceDefaults("analytics");
        builder.AddAnalytics();
        builder.AddMessaging(bus => bus.AddConsumer<HeardConsumer>());
        builder.AddBus();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapAnalytics();
        await app.StartAsync();
        var client = app.Client(ApiKey);

        // What is published before the queues exist is lost: the process does not wait for its broker, so the test does.
        await Eventually.Async(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode);
        return new AnalyticsApp(app, clock, heard) { Client = client };
    }

    /// <summary>Does something with the scoped services of the service, as a handler would.</summary>
    public async Task<T> InScope<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }

    public Task<T> Rows<T>(Func<AnalyticsDbContext, Task<T>> read) => InScope(services => read(services.GetRequiredService<AnalyticsDbContext>()));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal sealed class Heard
{
    public ConcurrentQueue<CompletionRateChanged> Rates { get; } = new();
}

internal sealed class HeardConsumer(Heard heard) : IConsumer<CompletionRateChanged>
{
    public Task Consume(ConsumeContext<CompletionRateChanged> context)
    {
        heard.Rates.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}
