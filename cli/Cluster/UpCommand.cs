using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.Cli.Views;
using Outdial.LocalServers;

namespace Outdial.Cli.Cluster;

/// <summary><c>outdial up</c>: the distributed platform on this machine, in the background until <c>outdial down</c>.</summary>
public static class UpCommand
{
    private const int DefaultPort = 5080;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    public static Command Create()
    {
        var replicas = new Option<string[]>("--replicas")
        {
            Description = "Processes of each service: a number for all, or SERVICE=NUMBER for one; may be given several times.",
            AllowMultipleArgumentsPerToken = true,
        };
        var port = new Option<int>("--port") { Description = "Port of the gateway on 127.0.0.1.", DefaultValueFactory = _ => DefaultPort };
        var speed = new Option<double>("--speed") { Description = "Virtual seconds per real second, for the platform and its simulated provider.", DefaultValueFactory = _ => 1 };
        var seed = new Option<long>("--seed") { Description = "Of the simulated people and faults.", DefaultValueFactory = _ => 1 };
        var faults = new Option<string>("--faults") { Description = "The simulator's mischief: none, some or many.", DefaultValueFactory = _ => "some" };
        faults.AcceptOnlyFromAmong("none", "some", "many");
        var mode = new Option<string>("--mode") { Description = "Which flow the simulated account has: notification, progressive, preview or power.", DefaultValueFactory = _ => DemoModes.Progressive };
        mode.AcceptOnlyFromAmong(DemoModes.Notification, DemoModes.Progressive, DemoModes.Preview, DemoModes.Power);
        var dialect = new Option<string>("--provider-dialect") { Description = "exotel, or portaswitch (mode power).", DefaultValueFactory = _ => DemoDialects.Exotel };
        dialect.AcceptOnlyFromAmong(DemoDialects.Exotel, DemoDialects.PortaSwitch);
        var foreground = new Option<bool>("--foreground") { Description = "Stay, and stop everything on Ctrl-C." };

        var command = new Command("up", "Starts every service as its own process, with a private RabbitMQ and PostgreSQL, a gateway and a simulated provider.")
        {
            replicas, port, speed, seed, faults, mode, dialect, foreground,
        };
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(async () =>
        {
            var options = new DemoOptions
            {
                Seed = parsed.GetValue(seed),
                Faults = parsed.GetValue(faults)!,
                Speed = parsed.GetValue(speed),
                Mode = parsed.GetValue(mode)!,
                Dialect = parsed.GetValue(dialect)!,
            };
            var plan = new ClusterPlan(ClusterState.Folder, Clock(options), DemoScenario.Of(options))
            {
                Replicas = Replicas(parsed.GetValue(replicas) ?? []),
                Port = parsed.GetValue(port),
            };
            if (ClusterState.TryRead() is { IsAlive: true } running)
                throw new CommandFailure($"It is up already, at {running.Gateway}. See: ./outdial status. Stop it with: ./outdial down");
            if (parsed.GetValue(foreground))
                return await new ClusterSupervisor(plan, options, TimeProvider.System).RunAsync(cancel);
            return await DetachAsync([.. Environment.GetCommandLineArgs().Skip(1), "--foreground"], cancel);
        }));
        return command;
    }

    /// <summary>Reads <c>2</c> or <c>pacer=3</c>.</summary>
    /// <exception cref="CommandFailure">Neither.</exception>
    internal static Dictionary<string, int> Replicas(IReadOnlyList<string> words)
    {
        var replicas = new Dictionary<string, int>();
        foreach (var word in words)
        {
            var parts = word.Split('=');
            if (parts.Length > 2 || !int.TryParse(parts[^1], CultureInfo.InvariantCulture, out var count) || count is < 1 or > 20)
                throw new CommandFailure($"--replicas {word} is not understood: expected a number from 1 to 20, or such as pacer=3.");
            foreach (var kind in parts.Length == 2 ? [ServiceKind.Of(parts[0])] : ServiceKind.Services)
                replicas[kind.Name] = count;
        }
        return replicas;
    }

    // At real speed the simulated people live in our own day; faster, in a Monday that is always the same.
    private static DemoClock Clock(DemoOptions options) =>
        options.Speed > 1 ? DemoClock.Accelerated(options.Speed, TimeProvider.System) : DemoClock.Real(TimeProvider.System);

    private static async Task<int> DetachAsync(IReadOnlyList<string> words, CancellationToken cancel)
    {
        PrivateFiles.Way(ClusterState.Folder);
        var log = Path.Combine(PrivateFiles.Folder(ClusterState.LogFolder), "supervisor.log");
        PrivateFiles.Write(log, "");
        // A session of its own: it outlives this terminal.
        using var supervisor = Process.Start(new ProcessStartInfo("setsid",
            ["sh", "-c", """log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null""", "sh", log, "dotnet", typeof(UpCommand).Assembly.Location, .. words]))!;
        try
        {
            var told = 0;
            while (ClusterState.TryRead() is not { } state || state.Supervisor != supervisor.Id)
            {
                told = Tell(log, told);
                if (supervisor.HasExited)
                    throw new CommandFailure($"It did not come up; the whole log is {log}.");
                await Task.Delay(BetweenLooks, TimeProvider.System, cancel);
            }
            Tell(log, told);
        }
        catch (OperationCanceledException)
        {
            await DownCommand.StopAsync(supervisor.Id, CancellationToken.None);
            throw;
        }
        await new StatusView(Terminal.Console).WriteAsync(ClusterState.Read(), cancel);
        return 0;
    }

    private static int Tell(string log, int told)
    {
        var lines = File.ReadAllLines(log);
        foreach (var line in lines.Skip(told))
            Console.WriteLine(line);
        return lines.Length;
    }
}
