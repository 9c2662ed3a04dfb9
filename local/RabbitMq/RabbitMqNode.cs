using System.Globalization;
using System.Text.Json;

namespace Outdial.LocalServers;

/// <summary>What a private node is called and where it listens; kept in its folder so that other processes can find it.</summary>
internal sealed record RabbitMqNode(
    string Folder, string Id, int Port, int DistributionPort, int EpmdPort, int MetricsPort, string Password)
{
    private const string FileName = "node.json";

    public string Name => $"outdial-{Id}@localhost";
    public string PidFile => Path.Combine(Folder, "rabbitmq.pid");
    public string EpmdPidFile => Path.Combine(Folder, "epmd.pid");
    public string Log => Path.Combine(Folder, "rabbitmq.log");
    private string Data => Path.Combine(Folder, "node");

    /// <summary>A node that never ran.</summary>
    public static RabbitMqNode New(string folder) =>
        new RabbitMqNode(folder, Guid.NewGuid().ToString("N")[..8], 0, 0, 0, 0, Secret.Keep(Path.Combine(folder, "password"))).Moved();

    /// <summary>The node noted in the folder, or null.</summary>
    public static RabbitMqNode? TryRead(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
            return null;
        var noted = JsonSerializer.Deserialize<Noted>(File.ReadAllText(file))!;
        return new RabbitMqNode(
            folder, noted.Id, noted.Port, noted.DistributionPort, noted.EpmdPort, noted.MetricsPort, Secret.Keep(Path.Combine(folder, "password")));
    }

    /// <summary>The same node on ports that are free now. The name stays, since the data belongs to the name.</summary>
    public RabbitMqNode Moved()
    {
        var moved = this with
        {
            Port = FreePort.Next(),
            DistributionPort = FreePort.Next(),
            EpmdPort = FreePort.Next(),
            MetricsPort = FreePort.Next(),
        };
        PrivateFiles.Write(
            Path.Combine(Folder, FileName),
            JsonSerializer.Serialize(new Noted(Id, moved.Port, moved.DistributionPort, moved.EpmdPort, moved.MetricsPort)));
        return moved;
    }

    /// <summary>Makes the folders and the configuration, all owned by the user the node runs as.</summary>
    /// <param name="metrics">Tells Prometheus of itself, too.</param>
    public async Task PrepareAsync(UnprivilegedUser user, bool metrics, CancellationToken cancel)
    {
        PrivateFiles.Folder(Data);
        PrivateFiles.Write(Path.Combine(Data, "plugins"), metrics ? "[rabbitmq_prometheus].\n" : "[].\n");
        var metricsAt = string.Create(
            CultureInfo.InvariantCulture, $"{{rabbitmq_prometheus, [{{tcp_config, [{{ip, \"127.0.0.1\"}}, {{port, {MetricsPort}}}]}}]}}");
        PrivateFiles.Write(Path.Combine(Data, "advanced.config"), metrics ? $"[{metricsAt}].\n" : "[].\n");
        PrivateFiles.Write(Path.Combine(Data, "environment"), "");
        PrivateFiles.Write(Path.Combine(Data, "rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.default = 127.0.0.1:{Port}
            default_user = {RabbitMqControl.User}
            default_pass = {Password}
            loopback_users = none
            disk_free_limit.absolute = 50MB
            log.console = true
            log.console.level = warning
            log.file = false

            """));
        await user.OwnAsync(Data, cancel);
    }

    /// <summary>Everything that keeps this node apart from the system's and from other private ones.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["HOME"] = Data,                       // the Erlang cookie is made here
        ["RABBITMQ_HOME_DIR"] = Data,
        ["RABBITMQ_NODENAME"] = Name,
        ["RABBITMQ_DIST_PORT"] = DistributionPort.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Data, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(Data, "log"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(Data, "config"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(Data, "rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(Data, "advanced.config"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(Data, "environment"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(Data, "plugins"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2",
        ["ERL_EPMD_PORT"] = EpmdPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_CRASH_DUMP"] = Path.Combine(Data, "erl_crash.dump"),
        ["RUNNING_UNDER_SYSTEMD"] = "true",    // the start script becomes the server instead of minding it: one process, one id
        ["LANG"] = "C.UTF-8",
    };

    private sealed record Noted(string Id, int Port, int DistributionPort, int EpmdPort, int MetricsPort);
}
