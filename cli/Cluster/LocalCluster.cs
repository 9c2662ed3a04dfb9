using System.Globalization;
using System.Text.Json;
using Npgsql;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.Cli.Views;
using Outdial.LocalServers;

namespace Outdial.Cli.Cluster;

/// <summary>
/// The distributed platform on this machine, without containers: a private PostgreSQL and RabbitMQ, every service a process of its own in
/// as many replicas as wanted, the gateway as the one public address, and the simulated provider.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly ClusterPlan _plan;
    private readonly PrivatePostgres _postgres;
    private readonly PrivateRabbitMq _rabbit;
    private readonly List<ClusterNode> _nodes = [];
    private readonly Dictionary<string, (Relay Broker, Relay Database)> _relays = [];
    private ChildProcess? _simulator;

    private LocalCluster(ClusterPlan plan, PrivatePostgres postgres, PrivateRabbitMq rabbit)
    {
        (_plan, _postgres, _rabbit) = (plan, postgres, rabbit);
        SimulatorAddress = LocalAddress(FreePort.Next());
        Gateway = LocalAddress(plan.Port == 0 ? FreePort.Next() : plan.Port);
        Simulator = SimulatorApi.At(SimulatorAddress);
        Api = OutdialApi.Patient(Gateway, Secret.Keep(ApiKeyFile));
    }

    public ClusterPlan Plan => _plan;

    public PrivatePostgres Postgres => _postgres;

    public PrivateRabbitMq Rabbit => _rabbit;

    /// <summary>Every process of the platform; the gateway is the last.</summary>
    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    /// <summary>The one public address.</summary>
    public Uri Gateway { get; }

    public Uri SimulatorAddress { get; }

    public ISimulatorApi Simulator { get; }

    /// <summary>Through the gateway, with an admin's key.</summary>
    public IOutdialApi Api { get; }

    public string ApiKeyFile => Path.Combine(_plan.Folder, "admin-api-key");

    /// <summary>Starts everything and waits until all of it is ready.</summary>
    /// <param name="plan">What to start.</param>
    /// <param name="tell">Hears of each step.</param>
    /// <param name="cancel">Stops what was started.</param>
    /// <exception cref="CommandFailure">Something did not come up; says what, and how its log ends.</exception>
    /// <exception cref="LocalServerException">A server is not installed or did not come up.</exception>
    public static async Task<LocalCluster> StartAsync(ClusterPlan plan, Action<string> tell, CancellationToken cancel)
    {
        PrivateFiles.Way(plan.Folder);
        tell("starting PostgreSQL and RabbitMQ");
        var postgres = PrivatePostgres.StartAsync(new(Path.Combine(plan.Folder, "postgres"))
        {
            Fsync = plan.Fsync,
            // Each process has up to 32, and there may be more of them later.
            MaxConnections = 100 + 40 * 2 * plan.Processes.Count(),
        }, cancel);
        var rabbit = PrivateRabbitMq.StartAsync(new(Path.Combine(plan.Folder, "rabbitmq")), cancel);
        try
        {
            await Task.WhenAll(postgres, rabbit);
        }
        catch
        {
            await StopIfStartedAsync(postgres);
            await StopIfStartedAsync(rabbit);
            throw;
        }
        var cluster = new LocalCluster(plan, await postgres, await rabbit);
        try
        {
            await cluster.StartProcessesAsync(tell, cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts one process off the broker, or off its database too.</summary>
    /// <exception cref="InvalidOperationException">The cluster was planned without relays.</exception>
    public void Cut(ClusterNode node, bool database = false)
    {
        var (broker, store) = RelaysOf(node);
        broker.Cut();
        if (database)
            store.Cut();
    }

    public void Mend(ClusterNode node)
    {
        var (broker, store) = RelaysOf(node);
        broker.Mend();
        store.Mend();
    }

    /// <summary>Starts one more process of each of these services, and tells the gateway when all of them are ready.</summary>
    /// <returns>The new ones.</returns>
    /// <exception cref="CommandFailure">One did not come up; none of them is left behind.</exception>
    public async Task<IReadOnlyList<ClusterNode>> AddAsync(IReadOnlyList<ServiceKind> kinds, CancellationToken cancel)
    {
        var added = new List<ClusterNode>();
        try
        {
            foreach (var kind in kinds)
            {
                var free = Enumerable.Range(1, int.MaxValue).First(replica => !_nodes.Exists(node => node.Name == $"{kind.Name}-{replica}"));
                var node = await NodeAsync(kind, free, cancel);
                added.Add(node);
                _nodes.Insert(_nodes.Count - 1, node);   // the gateway stays the last
                node.Start();
            }
            await ReadyAsync(added, cancel);
        }
        catch
        {
            await RemoveAsync(added);
            throw;
        }
        WriteReplicas();
        return added;
    }

    /// <summary>
    /// Takes processes away for good, as Kubernetes does: the gateway is told, and at that moment they are asked to stop. What an ingress could not
    /// hand over before its end, because the broker was away, its verb does.
    /// </summary>
    /// <exception cref="CommandFailure">Webhooks are still in a spool; they are drained once there is a process of that name again.</exception>
    public async Task RemoveAsync(IReadOnlyList<ClusterNode> nodes)
    {
        foreach (var node in nodes)
            _nodes.Remove(node);
        WriteReplicas();
        await Task.WhenAll(nodes.Select(node => node.StopAsync()));
        CommandFailure? left = null;
        foreach (var node in nodes)
        {
            try
            {
                if (node.Kind == ServiceKind.Ingress && HoldsWebhooks(node))
                    await node.RunAsync(["drain"], CancellationToken.None);
            }
            catch (CommandFailure failure)
            {
                left = failure;   // the others go all the same
            }
            await node.DisposeAsync();
            if (_relays.Remove(node.Name, out var wires))
                await CloseAsync(wires);
        }
        if (left is not null)
            throw left;
    }

    /// <summary>Adds and removes processes until there are as many of each service as wanted; those that came last go first.</summary>
    /// <param name="wanted">By a service's name, which is not the gateway.</param>
    /// <param name="cancel">Ends the waiting for new ones.</param>
    /// <exception cref="CommandFailure">One did not come up.</exception>
    public async Task ScaleAsync(IReadOnlyDictionary<string, int> wanted, CancellationToken cancel)
    {
        var sizes = wanted.Select(of => (Kind: ServiceKind.Of(of.Key), Count: of.Value)).ToList();
        await RemoveAsync([.. sizes.SelectMany(of => Of(of.Kind).OrderBy(node => node.Replica).Skip(of.Count))]);
        await AddAsync([.. sizes.SelectMany(of => Enumerable.Repeat(of.Kind, of.Count - Of(of.Kind).Count()))], cancel);
    }

    /// <summary>Where an ingress keeps webhooks while the broker is away.</summary>
    public string SpoolOf(ClusterNode ingress) => SpoolOf(ingress.Name);

    public IEnumerable<ClusterNode> Of(ServiceKind kind) => _nodes.Where(node => node.Kind == kind);

    /// <summary>The address of a service's database, past any relay: for those who look at or hold its rows.</summary>
    public Task<string> DatabaseAsync(ServiceKind kind, CancellationToken cancel = default) => _postgres.DatabaseAsync(kind.Database!, cancel);

    /// <summary>Waits until these are ready.</summary>
    /// <param name="nodes">Which.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="CommandFailure">One ended, or was not ready in time; says how its log ends.</exception>
    public static async Task ReadyAsync(IReadOnlyCollection<ClusterNode> nodes, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        foreach (var node in nodes)
        {
            while (await node.IsReadyAsync(cancel) is (false, var sentence))
            {
                if (!node.IsRunning)
                    throw new CommandFailure($"{node.Name} has ended by itself.\n{node.LastWords()}");
                if (TimeProvider.System.GetElapsedTime(started) > StartDeadline)
                    throw new CommandFailure($"{node.Name} was not ready within {StartDeadline.TotalSeconds:0} s ({sentence}).\n{node.LastWords()}");
                await Task.Delay(BetweenLooks, TimeProvider.System, cancel);
            }
        }
    }

    /// <summary>Ends everything in order: the platform finishes what is in hand while servers and provider still answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Where(node => node.Kind != ServiceKind.Gateway).Select(node => node.StopAsync()));
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        foreach (var wires in _relays.Values)
            await CloseAsync(wires);
        await _rabbit.StopAsync();
        await _postgres.StopAsync();
        Simulator.Dispose();
        Api.Dispose();
    }

    private async Task StartProcessesAsync(Action<string> tell, CancellationToken cancel)
    {
        foreach (var kind in ServiceKind.All)
            await DatabaseAsync(kind, cancel);
        var admin = _rabbit.Address.UserInfo.Split(':');
        await _rabbit.Control.ImportAsync(BrokerRights.Definitions((admin[0], admin[1]), BrokerPassword), cancel);
        foreach (var (kind, replica) in _plan.Processes)
            _nodes.Add(await NodeAsync(kind, replica, cancel));
        ConnectGateway();

        tell("starting the simulated provider");
        StartSimulator();
        if (_plan.MigrateFirst)
        {
            tell("migrating the databases and declaring queues");
            foreach (var node in _nodes.Where(node => node.Name.EndsWith("-1", StringComparison.Ordinal)))
                await node.MigrateAsync(cancel);
        }
        tell($"starting {Words.Count(_nodes.Count, "process", "processes")}: {string.Join(", ", _nodes.Select(node => node.Name))}");
        foreach (var node in _nodes)
            node.Start();
        await ReadyAsync(_nodes, cancel);
        while (!await Simulator.IsReadyAsync(cancel))
            await Task.Delay(BetweenLooks, TimeProvider.System, cancel);

        // As one would enter the addresses in the provider's dashboard.
        await _plan.Scenario.ConnectAsync(Api, Simulator, cancel);
    }

    private void StartSimulator()
    {
        var settings = With(_plan.Scenario.Simulator(SimulatorAddress), _plan.Clock.Environment());
        _simulator = ChildProcess.Start("simulator", Workshop.Program("simulator", "Outdial.Simulator"), settings, LogOf("simulator"));
    }

    private async Task<ClusterNode> NodeAsync(ServiceKind kind, int replica, CancellationToken cancel)
    {
        var name = $"{kind.Name}-{replica}";
        var address = kind == ServiceKind.Gateway ? Gateway : LocalAddress(FreePort.Next());
        var (broker, database) = (_rabbit.Address, await DatabaseAsync(kind, cancel));
        if (_plan.Relays)
        {
            var wires = _relays[name] = (Relay.Start(broker.Port), Relay.Start(_postgres.Port));
            broker = new UriBuilder(broker) { Port = wires.Broker.Port }.Uri;
            database = new NpgsqlConnectionStringBuilder(database) { Port = wires.Database.Port }.ConnectionString;
        }
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
            [$"ConnectionStrings__{kind.Database}"] = database,
            ["Database__Migrate"] = _plan.MigrateFirst ? "false" : "true",
            ["Webhooks__SigningKey"] = Secret.Keep(Path.Combine(_plan.Folder, "webhook-signing-key")),
            ["Identity__SigningKey"] = Secret.Keep(Path.Combine(_plan.Folder, "identity-signing-key")),
        };
        var verbs = new Dictionary<string, string>();
        if (kind != ServiceKind.Gateway)
        {
            settings["Messaging__Transport"] = "rabbitmq";
            // Where queues were declared before, each has a user with the rights of its service alone.
            settings["Messaging__AwaitTopology"] = _plan.MigrateFirst ? "true" : "false";
            var own = new UriBuilder(broker) { UserName = kind.Name, Password = BrokerPassword(kind.Name) }.Uri;
            settings["ConnectionStrings__rabbitmq"] = (_plan.MigrateFirst ? own : broker).ToString();
            verbs["ConnectionStrings__rabbitmq"] = broker.ToString();
        }
        if (kind == ServiceKind.Ingress)
            settings["Ingress__SpoolFolder"] = SpoolOf(name);
        var account = _plan.Scenario.Account(SimulatorAddress, Gateway);
        if (_plan.Clock.Speed > 1)
            SimulatorAccount.Patience(account, _plan.Clock.Speed);
        return new ClusterNode(kind, replica, address, With(settings, account, _plan.Clock.Environment()), LogOf(name)) { OfVerbs = verbs };
    }

    private string BrokerPassword(string service) =>
        Secret.Keep(Path.Combine(PrivateFiles.Folder(Path.Combine(_plan.Folder, "broker-passwords")), service));

    /// <summary>The gateway alone knows the keys of people, and where everything is.</summary>
    private void ConnectGateway()
    {
        var gateway = _nodes[^1];
        gateway.Set("ApiKeys__0__Name", "admin");
        gateway.Set("ApiKeys__0__Key", Secret.Keep(ApiKeyFile));
        gateway.Set("ApiKeys__0__Role", "admin");
        gateway.Set("Gateway__ReplicasFile", ReplicasFile);
        foreach (var kind in ServiceKind.Services)
            gateway.Set($"Gateway__Services__{kind.Name.Replace('-', '_')}", $"http://{kind.Name}");
        WriteReplicas();
    }

    /// <summary>Who stands behind the services' names. The gateway looks again when it changes, and never finds half of it.</summary>
    private void WriteReplicas()
    {
        var replicas = ServiceKind.Services.ToDictionary(kind => kind.Name, kind => new { http = Of(kind).Select(node => node.Address).ToList() });
        PrivateFiles.Replace(ReplicasFile, JsonSerializer.Serialize(new { Services = replicas }));
    }

    // In a folder of its own: to watch a file is to watch its folder, and what is below it.
    private string ReplicasFile => Path.Combine(PrivateFiles.Folder(Path.Combine(_plan.Folder, "replicas")), "replicas.json");

    private bool HoldsWebhooks(ClusterNode ingress) =>
        Directory.Exists(SpoolOf(ingress)) && Directory.EnumerateFiles(SpoolOf(ingress), "*.spool").Any();

    private string SpoolOf(string ingress) => Path.Combine(_plan.Folder, "spool", ingress);

    private static async Task CloseAsync((Relay Broker, Relay Database) wires)
    {
        await wires.Broker.DisposeAsync();
        await wires.Database.DisposeAsync();
    }

    private string LogOf(string name) => Path.Combine(_plan.Folder, "logs", name + ".log");

    private (Relay Broker, Relay Database) RelaysOf(ClusterNode node) => _relays.TryGetValue(node.Name, out var relays)
        ? relays
        : throw new InvalidOperationException("This cluster was planned without relays.");

    private static Dictionary<string, string> With(params IEnumerable<IReadOnlyDictionary<string, string>> layers)
    {
        var all = new Dictionary<string, string>();
        foreach (var (key, value) in layers.SelectMany(layer => layer))
            all[key] = value;
        return all;
    }

    private static async Task StopIfStartedAsync<T>(Task<T> server)
        where T : IAsyncDisposable
    {
        if (server.IsCompletedSuccessfully)
            await (await server).DisposeAsync();
    }

    private static Uri LocalAddress(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
}
