using System.CommandLine;
using Outdial.Cli.Parsing;
using Outdial.Cli.Processes;
using Outdial.Cli.Views;
using Outdial.LocalServers;

namespace Outdial.Cli.Cluster;

/// <summary><c>outdial down</c> and <c>outdial status</c>.</summary>
public static class DownCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var purge = Asked.Flag("--purge", "Remove its data too: databases, queues, keys and logs.");
        var command = new Command("down", "Stops what 'outdial up' started, in order; its data stays.") { purge };
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(async () =>
        {
            var state = ClusterState.TryRead();
            if (state is { IsAlive: true })
            {
                Console.WriteLine($"Stopping {Words.Count(state.Nodes.Count, "process", "processes")}, the simulated provider, RabbitMQ and PostgreSQL …");
                await StopAsync(state.Supervisor, cancel);
                Console.WriteLine("Down.");
            }
            else
            {
                Console.WriteLine("Nothing is up.");
            }
            if (parsed.GetValue(purge) && Directory.Exists(ClusterState.Folder))
            {
                Directory.Delete(ClusterState.Folder, recursive: true);
                Console.WriteLine($"Removed {ClusterState.Folder}.");
            }
            return 0;
        }));
        return command;
    }

    public static Command CreateStatus()
    {
        var command = new Command("status", "What 'outdial up' runs: processes, readiness, restarts, memory.");
        command.SetAction((_, cancel) => CommandFailure.ReportAsync(async () =>
            await new StatusView(Terminal.Console).WriteAsync(ClusterState.Read(), cancel) ? 0 : 1));
        return command;
    }

    /// <summary>Asks the supervisor to stop everything and waits until it has.</summary>
    public static async Task StopAsync(int supervisor, CancellationToken cancel)
    {
        ServerProcess.Send(supervisor, Signal.Terminate);
        while (Directory.Exists($"/proc/{supervisor}"))
            await Task.Delay(BetweenLooks, TimeProvider.System, cancel);
    }
}
