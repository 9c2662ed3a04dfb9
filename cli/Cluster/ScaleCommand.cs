using System.CommandLine;
using System.Text.Json;
using Outdial.Cli.Processes;
using Outdial.Cli.Views;
using Outdial.LocalServers;

namespace Outdial.Cli.Cluster;

/// <summary><c>outdial scale</c>: more or fewer processes of a service while everything runs.</summary>
public static class ScaleCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    public static Command Create()
    {
        var sizes = Replicas.Argument("How many processes of which service; several may be named.");
        var command = new Command("scale", "Adds or removes processes of services on what 'outdial up' runs; the gateway follows.") { sizes };
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(() => ScaleAsync(parsed.GetValue(sizes)!, cancel)));
        return command;
    }

    private static async Task<int> ScaleAsync(IReadOnlyDictionary<string, int> sizes, CancellationToken cancel)
    {
        _ = ClusterState.Read();
        if (ClusterWish.TryRead() is not null)
            throw new CommandFailure("It is scaled just now. See: ./outdial status. Try again when that is done.");
        ClusterWish.Write(sizes);
        while (ClusterWish.TryRead() is not null)
        {
            _ = ClusterState.Read();   // it may have been stopped meanwhile
            await Task.Delay(BetweenLooks, TimeProvider.System, cancel);
        }
        var state = ClusterState.Read();
        await new StatusView(Terminal.Console).WriteAsync(state, cancel);
        var differs = sizes.Where(of => state.Nodes.Count(node => node.Name[..node.Name.LastIndexOf('-')] == of.Key) != of.Value).ToList();
        if (differs.Count == 0)
            return 0;
        var log = Path.Combine(ClusterState.LogFolder, "supervisor.log");
        throw new CommandFailure($"There are not as many of {string.Join(", ", differs.Select(of => of.Key))} as wanted. Why, says {log}");
    }
}

/// <summary>
/// How many processes are wanted, from the command that was told to the one that minds them. It is there until it was granted, or refused.
/// </summary>
internal static class ClusterWish
{
    private static string FilePath => Path.Combine(ClusterState.Folder, "wanted.json");

    public static IReadOnlyDictionary<string, int>? TryRead()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(FilePath));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static void Write(IReadOnlyDictionary<string, int> wanted) =>
        PrivateFiles.Replace(FilePath, JsonSerializer.Serialize(wanted));

    public static void Remove() => File.Delete(FilePath);
}
