using Outdial.Cli.Demo;

namespace Outdial.Cli.Cluster;

/// <summary>What a local cluster is to consist of.</summary>
/// <param name="Folder">For data, keys and logs of everything.</param>
/// <param name="Clock">Shared by all processes.</param>
/// <param name="Scenario">The simulator's settings and the account <c>default</c>.</param>
public sealed record ClusterPlan(string Folder, DemoClock Clock, DemoScenario Scenario)
{
    /// <summary>Processes of each service by its name; one where nothing is said. The gateway is always one: it is the public address.</summary>
    public IReadOnlyDictionary<string, int> Replicas { get; init; } = new Dictionary<string, int>();

    /// <summary>Port of the gateway on the loopback interface; 0: any.</summary>
    public int Port { get; init; }

    /// <summary>False gives up safety against a power cut for speed: for tests.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>Whether each process reaches broker and database over a relay of its own, which can be cut.</summary>
    public bool Relays { get; init; }

    /// <summary>
    /// Whether the databases are migrated and the queues declared before any service starts, as operators do it. False: by the services themselves,
    /// which spares a start of each program.
    /// </summary>
    public bool MigrateFirst { get; init; } = true;

    public int ReplicasOf(ServiceKind kind) => kind == ServiceKind.Gateway ? 1 : Replicas.GetValueOrDefault(kind.Name, 1);

    /// <summary>Every process but the simulator.</summary>
    public IEnumerable<(ServiceKind Kind, int Replica)> Processes =>
        from kind in ServiceKind.All
        from replica in Enumerable.Range(1, ReplicasOf(kind))
        select (kind, replica);
}
