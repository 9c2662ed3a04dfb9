using System.Collections.Concurrent;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>The platform in one of its two shapes. Both serve the same API over the same contracts.</summary>
public abstract class Platform(Rig rig)
{
    public const string ApiKey = "end-to-end-admin-key-0123456789";
    private const string SigningKey = "end-to-end-signing-key-0123456789abcdef";

    protected Rig Rig { get; } = rig;

    public IOutdialApi Api { get; protected init; } = null!;

    /// <summary>A client with an admin's key, for what <see cref="Api"/> does not know.</summary>
    /// <param name="service">Such as <c>pacer</c>.</param>
    public HttpClient Client(string service)
    {
        var client = new HttpClient { BaseAddress = AddressOf(service) };
        client.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);
        return client;
    }

    public abstract Uri AddressOf(string service);

    /// <summary>Where metrics are scraped.</summary>
    public abstract IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Settings of one test on top of the common ones, such as an account's budget.</summary>
    public Dictionary<string, string> Extra { get; } = [];

    protected Dictionary<string, string> Settings(Uri callbacks)
    {
        var settings = Rig.Scenario.Account(Rig.SimulatorAddress, callbacks);
        SimulatorAccount.Patience(settings, Rig.Clock.Speed);
        settings["ApiKeys__0__Name"] = "end-to-end";
        settings["ApiKeys__0__Key"] = ApiKey;
        settings["ApiKeys__0__Role"] = "admin";
        settings["Webhooks__SigningKey"] = SigningKey;
        foreach (var (key, value) in Extra)
            settings[key] = value;
        return settings;
    }
}

/// <summary>Everything in one process, on the in-memory transport and its own private PostgreSQL: the embedded default.</summary>
public sealed class HostPlatform : Platform
{
    private readonly Uri _address = Rig.LocalAddress();

    private HostPlatform(Rig rig) : base(rig)
    {
        Api = OutdialApi.At(_address, ApiKey);
    }

    public override IReadOnlyList<Uri> Addresses => [_address];

    public override Uri AddressOf(string service) => _address;

    public string DataFolder => Path.Combine(Rig.Folder, "data");

    public ChildProcess Process { get; private set; } = null!;

    public static async Task<HostPlatform> StartAsync(Rig rig, IReadOnlyDictionary<string, string>? extra = null)
    {
        var host = new HostPlatform(rig);
        foreach (var (key, value) in extra ?? new Dictionary<string, string>())
            host.Extra[key] = value;
        await host.StartAsync();
        return host;
    }

    /// <summary>Starts it, again or for the first time, on the same address and data folder.</summary>
    public async Task StartAsync()
    {
        var settings = Settings(_address);
        settings["Host__DataFolder"] = DataFolder;
        Process = await Rig.RunAsync("host", "host", "Outdial.Host", settings, _address);
    }
}

/// <summary>Every service in its own process, on RabbitMQ.</summary>
public sealed class ServicePlatform : Platform
{
    private static readonly string[] Names = ["ingress", "pacer", "enrichment", "agent-router", "analytics"];
    private readonly Dictionary<string, Uri> _addresses = Names.ToDictionary(name => name, _ => Rig.LocalAddress());
    private readonly ConcurrentDictionary<string, ChildProcess> _processes = [];
    private readonly Dictionary<string, string> _databases;
    private readonly string _broker;

    private ServicePlatform(Rig rig, Dictionary<string, string> databases, string broker) : base(rig)
    {
        (_databases, _broker) = (databases, broker);
        Api = OutdialApi.Over(new ByService(_addresses), _addresses["pacer"], ApiKey);
    }

    public override IReadOnlyList<Uri> Addresses => [.. _addresses.Values];

    public override Uri AddressOf(string service) => _addresses[service];

    /// <summary>Connection string of the pacer's database, for tests that look at or hold its rows.</summary>
    public string PacerDatabase => _databases[ConnectionString("pacer")];

    public static async Task<ServicePlatform> StartAsync(Rig rig, IReadOnlyDictionary<string, string>? extra = null)
    {
        var platform = new ServicePlatform(rig, await CreateDatabasesAsync(), await RabbitServer.CreateVirtualHostAsync());
        foreach (var (key, value) in extra ?? new Dictionary<string, string>())
            platform.Extra[key] = value;
        await Task.WhenAll(Names.Select(name => platform.StartAsync(name)));
        return platform;
    }

    /// <summary>Starts again what a test has left dead.</summary>
    public async Task EnsureRunningAsync()
    {
        foreach (var name in Names.Where(name => _processes[name].HasExited))
            await StartAsync(name);
    }

    /// <summary>Starts one service, for the first time or again.</summary>
    /// <param name="name">Such as <c>pacer</c>.</param>
    /// <param name="extra">Settings of this process alone, on top of all others.</param>
    public async Task StartAsync(string name, IReadOnlyDictionary<string, string>? extra = null)
    {
        // In earnest one public address leads to both; without a gateway each names its own.
        var settings = Settings(_addresses[name == "agent-router" ? name : "ingress"]);
        settings[ConnectionString(name)] = _databases[ConnectionString(name)];
        settings["ConnectionStrings__rabbitmq"] = _broker;
        settings["Messaging__Transport"] = "rabbitmq";
        settings["Ingress__SpoolFolder"] = Path.Combine(Rig.Folder, "spool");
        foreach (var (key, value) in extra ?? new Dictionary<string, string>())
            settings[key] = value;
        _processes[name] = await Rig.RunAsync(name, $"services/{name}", Assembly(name), settings, _addresses[name]);
    }

    /// <summary>Stops one service in order, and starts it with other settings.</summary>
    public async Task RestartAsync(string name, IReadOnlyDictionary<string, string> extra)
    {
        await _processes[name].StopAsync();
        await StartAsync(name, extra);
    }

    /// <summary>Tells one service to stop, as a roll-out does.</summary>
    /// <returns>Its exit code; null when it did not end within 20 seconds and was killed.</returns>
    public Task<int?> StopAsync(string name) => _processes[name].StopAsync();

    /// <summary>The services by name.</summary>
    public static IReadOnlyList<string> Services => Names;

    /// <summary>Kills one service as a power cut would.</summary>
    public Task KillAsync(string name) => _processes[name].KillAsync();

    /// <summary>A fresh database for each service, as environment variables.</summary>
    private static async Task<Dictionary<string, string>> CreateDatabasesAsync()
    {
        var databases = new Dictionary<string, string>();
        foreach (var name in Names)
            databases[ConnectionString(name)] = await PostgresServer.CreateDatabaseAsync(name.Replace('-', '_'));
        return databases;
    }

    // The router's is called by its last word.
    private static string ConnectionString(string name) => $"ConnectionStrings__{name[(name.IndexOf('-') + 1)..]}";

    private static string Assembly(string name) =>
        "Outdial." + string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}

/// <summary>Services without a gateway before them: each request goes to the one that serves its path.</summary>
internal sealed class ByService(IReadOnlyDictionary<string, Uri> addresses) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(addresses[Of(request.RequestUri!.AbsolutePath)], request.RequestUri.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }

    private static string Of(string path) => path["/api/v1/".Length..].Split('/') switch
    {
        ["campaigns", _, "report" or "agents"] => "analytics",
        ["accounts", _, "flow-addresses"] => "ingress",
        ["agents" or "sessions" or "inbound", ..] or ["accounts", _, "dialwhom-addresses"] => "agent-router",
        _ => "pacer",
    };
}
