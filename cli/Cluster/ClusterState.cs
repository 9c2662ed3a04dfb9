using System.Text.Json;
using Outdial.Cli.Processes;
using Outdial.LocalServers;

namespace Outdial.Cli.Cluster;

/// <summary>What a running cluster tells other commands, in a file that only its owner can read: it leads to keys.</summary>
/// <param name="Supervisor">Process id of the one that started everything.</param>
/// <param name="RabbitMq">With its password.</param>
/// <param name="Speed">Virtual seconds per real second.</param>
public sealed record ClusterState(
    int Supervisor, DateTimeOffset StartedAt, Uri Gateway, Uri Simulator, string ApiKeyFile, Uri RabbitMq, string Postgres,
    double Speed, DateTimeOffset Origin, DateTimeOffset RealOrigin, string Mode, string Dialect, IReadOnlyList<NodeState> Nodes)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Where <c>./outdial up</c> keeps everything.</summary>
    public static string Folder => Path.Combine(Workshop.Data, "up");

    public static string LogFolder => Path.Combine(Folder, "logs");

    private static string FilePath => Path.Combine(Folder, "state.json");

    /// <summary>Whether the process that wrote this still lives.</summary>
    public bool IsAlive => IsSupervisor(Supervisor);

    /// <summary>The state of the last start; null when there was none, or it was stopped in order.</summary>
    public static ClusterState? TryRead()
    {
        try
        {
            return JsonSerializer.Deserialize<ClusterState>(File.ReadAllText(FilePath), Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="CommandFailure">Nothing is up.</exception>
    public static ClusterState Read() => TryRead() is { IsAlive: true } state
        ? state
        : throw new CommandFailure("Nothing is up. Start it with: ./outdial up");

    public void Write() => PrivateFiles.Replace(FilePath, JsonSerializer.Serialize(this, Json));

    public static void Remove() => File.Delete(FilePath);

    private static bool IsSupervisor(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Contains("Outdial.Cli", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>One process of the cluster.</summary>
/// <param name="ProcessId">Null while it does not run.</param>
/// <param name="Starts">How often it was started.</param>
public sealed record NodeState(string Name, Uri Address, int? ProcessId, int Starts, string LogFile);
