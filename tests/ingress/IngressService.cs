using System.Collections.Concurrent;
using System.Net.Http.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outdial.Contracts;
using Outdial.Ingress.Data;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Ingress.Tests;

/// <summary>The service as it runs, on real servers, with a listener that stands for everybody who consumes its events.</summary>
internal sealed class IngressService : IAsyncDisposable
{
    public const string AdminKey = "admin-key-0123456789", AgentKey = "agent-key-0123456789";
    private readonly WebApplication _app;

    private IngressService(WebApplication app, Listener heard)
    {
        (_app, Heard) = (app, heard);
        Http = new HttpClient
        {
            BaseAddress = new Uri(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single())
        };
    }

    public Listener Heard { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public IBus Bus => Services.GetRequiredService<IBus>();

    public static async Task<IngressService> StartAsync(
        string database, string? rabbit, string spoolFolder, params (string Key, string Value)[] settings)
    {
        var (app, heard) = Compose(database, rabbit, spoolFolder, settings);
        await app.StartAsync();
        return new IngressService(app, heard);
    }

    /// <summary>The program as it is before it is run. It serves on a free port unless the settings name <c>urls</c>.</summary>
    public static (WebApplication App, Listener Heard) Compose(
        string database, string? rabbit, string spoolFolder, params IEnumerable<(string Key, string Value)> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:ingress"] = database,
            ["ConnectionStrings:rabbitmq"] = rabbit,
            ["Messaging:Transport"] = rabbit is null ? "memory" : "rabbitmq",
            ["Webhooks:SigningKey"] = "a-signing-key-for-tests-0123456789abcdef",
            ["Ingress:SpoolFolder"] = spoolFolder,
            ["ApiKeys:0:Name"] = "ada",
            ["ApiKeys:0:Key"] = AdminKey,
            ["ApiKeys:0:Role"] = "admin",
            ["ApiKeys:1:Name"] = "alan",
            ["ApiKeys:1:Key"] = AgentKey,
            ["ApiKeys:1:Role"] = "agent",
            ["Accounts:default:AccountSid"] = "acme1",
            ["Accounts:default:ApiKey"] = "key",
            ["Accounts:default:ApiToken"] = "token",
            ["Accounts:default:CallbackBaseAddress"] = "https://calls.example.org",
            ["Accounts:porta:Provider"] = "portaswitch",
            ["Accounts:porta:BaseAddress"] = "https://switch.example.org:8444/",
            ["Accounts:porta:Login"] = "dialer",
            ["Accounts:porta:Password"] = "secret",
            ["Accounts:porta:AutoAttendantId"] = "7",
            ["Accounts:porta:CustomerId"] = "42",
            ["Accounts:porta:CallbackBaseAddress"] = "https://calls.example.org",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders();
        var heard = new Listener();
        builder.Services.AddSingleton(heard);
        builder.AddIngress();
        builder.Services.AddSingleton<IWebhookTranslator, BrokenTranslator>();
        builder.Services.AddSingleton<IWebhookTranslator, UnstorableTranslator>();
        builder.AddMessaging(bus =>
        {
            bus.AddConsumer<EventListener>().Endpoint(endpoint => endpoint.Name = "events-heard");
            bus.AddConsumer<ReceiptListener>().Endpoint(endpoint =>
            {
                endpoint.Name = "receipts-heard";
                endpoint.ConcurrentMessageLimit = 1;   // it is about their order
            });
        });
        builder.AddBus();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapIngress();
        return (app, heard);
    }

    /// <summary>Returns when every queue is bound: what is published before has nobody who could hear it.</summary>
    public async Task<IngressService> ListeningAsync()
    {
        await Eventually.Async(() =>
            Services.GetRequiredService<IBusControl>().CheckHealth().Status == BusHealthStatus.Healthy, TimeSpan.FromMinutes(2));
        return this;
    }

    /// <summary>The address of a webhook, with a token that is good for an hour unless told otherwise.</summary>
    public string Address(string kind, Guid? attempt, TimeSpan? validFor = null, string provider = "exotel", string account = "default") =>
        Address(Services, kind, attempt, validFor, provider, account);

    public static string Address(
        IServiceProvider services, string kind, Guid? attempt, TimeSpan? validFor = null, string provider = "exotel", string account = "default")
    {
        var expires = TimeProvider.System.GetUtcNow() + (validFor ?? TimeSpan.FromHours(1));
        var opens = CallbackPurposes.OfWebhook(kind);
        var purpose = attempt is null ? opens.LastOrDefault(CallbackPurpose.Passthru) : opens.FirstOrDefault(CallbackPurpose.Attempt);
        return Address(services, kind, purpose, attempt ?? Guid.CreateVersion7(), expires, provider, account);
    }

    /// <summary>The same with a token of any purpose.</summary>
    public static string Address(
        IServiceProvider services, string kind, CallbackPurpose purpose, Guid subject, DateTimeOffset expires, string provider = "exotel",
        string account = "default") =>
        $"/webhooks/{provider}/{services.GetRequiredService<CallbackTokens>().Issue(new CallbackClaims(purpose, subject, account, expires))}/{kind}";

    /// <summary>What the provider sends back of our request for an attempt or line.</summary>
    public string Echo(Guid id, string account = "default") => Services.GetRequiredService<CallbackEchoes>().Of(id, account);

    public Task<HttpResponseMessage> PostAsync(string kind, Guid? attempt, HttpContent content) => Http.PostAsync(Address(kind, attempt), content);

    public async Task<T> WithDb<T>(Func<IngressDbContext, Task<T>> read)
    {
        await using var scope = Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<IngressDbContext>());
    }

    /// <param name="subject">The attempt or line, or the account's address, that the token of the address was made for.</param>
    public Task<List<Webhook>> Rows(Guid subject) =>
        WithDb(db =>
            db.Webhooks.AsNoTracking().Where(row => row.AttemptId == subject || row.AddressId == subject).OrderBy(row => row.Id).ToListAsync());

    /// <summary>An admin's request to any path.</summary>
    public async Task<HttpResponseMessage> Admin(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("X-Api-Key", AdminKey);
        return await Http.SendAsync(request);
    }

    public async Task<HttpResponseMessage> Api(HttpMethod method, string path, string? key)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/webhooks" + path);
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        return await Http.SendAsync(request);
    }

    public async Task<T> Api<T>(HttpMethod method, string path, string key)
    {
        using var response = await Api(method, path, key);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>What was heard on the bus.</summary>
    public sealed class Listener
    {
        public ConcurrentQueue<ICallEvent> Events { get; } = new();

        internal ConcurrentQueue<WebhookReceived> Receipts { get; } = new();

        /// <summary>What is about lines and inbound calls, in the order of its hearing.</summary>
        public ConcurrentQueue<IProviderEvent> Lines { get; } = new();

        public List<IProviderEvent> OfCall(string callId) => [.. Lines.Where(happened => happened.ProviderCallId == callId)];

        public List<ICallEvent> Of(Guid attempt) => [.. Events.Where(happened => happened.AttemptId == attempt)];
    }

    private sealed class EventListener(Listener heard)
        : IConsumer<CallRinging>, IConsumer<CallAnswered>, IConsumer<CallConnected>, IConsumer<CallDigitsPressed>, IConsumer<CallTerminated>,
          IConsumer<DialPopup>, IConsumer<DialEnded>, IConsumer<LineEnded>
    {
        public Task Consume(ConsumeContext<CallRinging> context) => Hear(context.Message);

        public Task Consume(ConsumeContext<CallAnswered> context) => Hear(context.Message);

        public Task Consume(ConsumeContext<CallConnected> context) => Hear(context.Message);

        public Task Consume(ConsumeContext<CallDigitsPressed> context) => Hear(context.Message);

        public Task Consume(ConsumeContext<CallTerminated> context) => Hear(context.Message);

        public Task Consume(ConsumeContext<DialPopup> context) => HearLine(context.Message);

        public Task Consume(ConsumeContext<DialEnded> context) => HearLine(context.Message);

        public Task Consume(ConsumeContext<LineEnded> context) => HearLine(context.Message);

        private Task HearLine(IProviderEvent happened)
        {
            heard.Lines.Enqueue(happened);
            return Task.CompletedTask;
        }

        private Task Hear(ICallEvent happened)
        {
            heard.Events.Enqueue(happened);
            return Task.CompletedTask;
        }
    }

    private sealed class ReceiptListener(Listener heard) : IConsumer<WebhookReceived>
    {
        public Task Consume(ConsumeContext<WebhookReceived> context)
        {
            heard.Receipts.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}

/// <summary>The translator of a provider <c>broken</c>, with a defect that nobody has foreseen.</summary>
internal sealed class BrokenTranslator : IWebhookTranslator
{
    public string Provider => "broken";

    public IReadOnlySet<string> Kinds { get; } = new HashSet<string> { "status" };

    public Translation Translate(WebhookRequest request) =>
        throw new FormatException("The field of Asha, 'Asha Patel', has 098250 12345 in it, +919825012345 too.");
}

/// <summary>The translator of a provider <c>unstorable</c>: what it makes of a webhook fits into no column, from the query's <c>how</c>.</summary>
internal sealed class UnstorableTranslator : IWebhookTranslator
{
    public string Provider => "unstorable";

    public IReadOnlySet<string> Kinds { get; } = new HashSet<string> { "status" };

    public Translation Translate(WebhookRequest request)
    {
        var call = request.Query.Contains("nul", StringComparison.Ordinal) ? "a\0b" : new string('x', 100) + Guid.CreateVersion7();
        if (request.Query.Contains("parked", StringComparison.Ordinal))
            return new([], UnmatchedCallId: call);
        var ringing = new CallRinging
        {
            EventId = request.Query.Contains("twice", StringComparison.Ordinal) ? Guid.Empty : request.Id,
            AttemptId = request.AttemptId!.Value,
            Account = request.Account,
            ProviderCallId = call,
            OccurredAt = request.ReceivedAt,
            ReceivedAt = request.ReceivedAt,
        };
        return new([ringing]);
    }
}

/// <summary>One service for the tests that do not take anything away from it.</summary>
public sealed class SharedIngress : IAsyncLifetime
{
    private readonly string _folder = TemporaryFolder.Make("spool");

    internal IngressService Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Service = await IngressService.StartAsync(
            await PostgresServer.CreateDatabaseAsync("ingress"), await RabbitServer.CreateVirtualHostAsync(), _folder);
        await Service.ListeningAsync();
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        TemporaryFolder.Remove(_folder);
    }
}

[CollectionDefinition("ingress")]
public sealed class IngressCollection : ICollectionFixture<SharedIngress>;
