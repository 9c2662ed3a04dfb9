using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outdial.Gateway.Data;
using Outdial.Platform;
using Outdial.Testing;
using Yarp.ReverseProxy;

namespace Outdial.Gateway.Tests.Nodes;

/// <summary>One gateway process as it runs in production.</summary>
public sealed class GatewayNode : IAsyncDisposable
{
    public const string AdminKey = "admin-key-0123456789", SupervisorKey = "supervisor-key-0123456789", AgentKey = "agent-key-0123456789",
        CrmKey = "crm-key-0123456789", SigningKey = "an-identity-signing-key-for-tests-0123456789";

    /// <summary>The agent whose key <see cref="AgentKey"/> is.</summary>
    public static readonly Guid Agent = Guid.Parse("0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a");

    /// <summary>Leads to no server: what works with it works without the gateway's database.</summary>
    public const string NoDatabase = "Host=127.0.0.1;Port=1;Database=gateway;Username=nobody;Timeout=1";

    private readonly WebApplication _app;

    private GatewayNode(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(1) };
    }

    /// <summary>Sends no key of its own.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Where the proxy sends what belongs to a service and lane, such as <c>api:pacer</c>.</summary>
    public IReadOnlyList<string> Destinations(string cluster) =>
        Services.GetRequiredService<IProxyStateLookup>().TryGetCluster(cluster, out var found)
            ? [.. found.DestinationsState.AllDestinations.Select(destination => destination.Model.Config.Address)]
            : [];

    /// <summary>Those of them that the proxy holds to be healthy.</summary>
    public IReadOnlyList<string> Available(string cluster) =>
        Services.GetRequiredService<IProxyStateLookup>().TryGetCluster(cluster, out var found)
            ? [.. found.DestinationsState.AvailableDestinations.Select(destination => destination.Model.Config.Address)]
            : [];

    /// <summary>A database with the service's schema, as a process finds it that starts when the scripts are applied.</summary>
    public static Task<string> CreateDatabase() => MigratedDatabase.CreateAsync("gateway", typeof(GatewayDbContext).Assembly);

    public static async Task<GatewayNode> Start(
        IEnumerable<(string Key, string Value)> settings, string database = NoDatabase, TimeProvider? clock = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder(Unwatched.Options);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:gateway"] = database,
            ["Identity:SigningKey"] = SigningKey,
            ["Webhooks:SigningKey"] = "a-signing-key-for-tests-0123456789abcdef",
            ["Gateway:Limits:DialWhomTry"] = "00:00:20",      // a loaded machine is no reason for another try
            ["Gateway:Limits:DialWhomTimeout"] = "00:00:30",
            ["Gateway:Limits:WebhookTry"] = "00:00:20",
            ["Gateway:Limits:WebhookTimeout"] = "00:00:30",
            ["Gateway:Limits:Connect"] = "00:00:10",
            ["Gateway:Limits:Burst"] = "10000",
            ["Gateway:Services:pacer"] = "http://127.0.0.1:1",
            ["ApiKeys:0:Name"] = "ada",
            ["ApiKeys:0:Key"] = AdminKey,
            ["ApiKeys:0:Role"] = "admin",
            ["ApiKeys:1:Name"] = "sue",
            ["ApiKeys:1:Key"] = SupervisorKey,
            ["ApiKeys:1:Role"] = "supervisor",
            ["ApiKeys:2:Name"] = "asha",
            ["ApiKeys:2:Key"] = AgentKey,
            ["ApiKeys:2:Role"] = "agent",
            ["ApiKeys:2:AgentId"] = Agent.ToString(),
            ["ApiKeys:3:Name"] = "mirror",
            ["ApiKeys:3:Key"] = CrmKey,
            ["ApiKeys:3:Role"] = "crm",
            ["Logging:LogLevel:Default"] = "None",
            ["Logging:LogLevel:Yarp"] = "None",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        if (builder.Configuration["Kestrel:Endpoints:Https:Url"] is null)
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        services?.Invoke(builder.Services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);   // what does not end by itself is seen
        builder.AddServiceDefaults("gateway");
        builder.AddApiKeyStore();
        builder.AddGateway();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapApiKeyStore();
        app.MapGateway();
        await app.StartAsync();
        return new(app);
    }

    /// <summary>The address of a webhook, with a token that is good for an hour unless told otherwise.</summary>
    public string Webhook(string kind = "status", TimeSpan? validFor = null, string account = "default") =>
        $"/webhooks/exotel/{Token(CallbackPurposes.OfWebhook(kind).First(), validFor, account)}/{kind}";

    public string DialWhom(string rest = "", string account = "default") => $"/dialwhom/exotel/{Token(rest.Length == 0 ? CallbackPurpose.DialWhom : CallbackPurpose.Stay, null, account)}{rest}?CallSid=c1";

    public string Token(CallbackPurpose purpose, TimeSpan? validFor = null, string account = "default") => Services.GetRequiredService<CallbackTokens>()
        .Issue(new(
            purpose, Guid.CreateVersion7(), account, Services.GetRequiredService<TimeProvider>().GetUtcNow() + (validFor ?? TimeSpan.FromHours(1))));

    public async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, string? key = AdminKey, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> Get(string path, string? key = AdminKey, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, key, null, headers);

    public async Task<(HttpStatusCode Status, string Detail)> Problem(
        HttpMethod method, string path, string? key = AdminKey, HttpContent? content = null)
    {
        using var answer = await Send(method, path, key, content);
        return await ProblemOf(answer);
    }

    public static async Task<(HttpStatusCode Status, string Detail)> ProblemOf(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
