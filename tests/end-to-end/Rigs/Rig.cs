using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>
/// Processes of one test around one shared clock: the simulator, and the platform in one of its two shapes. Every process
/// writes a log of its own, and all of them go with the test.
/// </summary>
public sealed class Rig : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private readonly List<ChildProcess> _children = [];
    private readonly string _folder = TemporaryFolder.Make("end-to-end");

    private readonly DemoOptions _options;

    private Rig(DemoOptions options)
    {
        _options = options;
        Clock = DemoClock.Accelerated(options.Speed, TimeProvider.System);
        Scenario = DemoScenario.Of(options);
    }

    public DemoClock Clock { get; }

    /// <summary>What is played: the demo's.</summary>
    public DemoScenario Scenario { get; }

    public Uri SimulatorAddress { get; } = LocalAddress();

    public ISimulatorApi Simulator { get; private set; } = null!;

    /// <summary>Those controls of the simulator that only tests turn.</summary>
    public SimulatorControls Controls { get; private set; } = null!;

    /// <summary>For data folders of the processes.</summary>
    public string Folder => _folder;

    /// <summary>A rig with a running simulator.</summary>
    /// <param name="speed">Virtual seconds per real second.</param>
    /// <param name="seed">Of the simulated people and faults.</param>
    /// <param name="faults">The simulator's mischief.</param>
    /// <param name="mode">How it dials; the other options of the demo that matter here go with it.</param>
    /// <param name="dialect">The simulator's.</param>
    /// <param name="agents">How many work.</param>
    public static async Task<Rig> StartAsync(
        double speed, long seed, string faults, string mode = DemoModes.Notification, string dialect = DemoDialects.Exotel,
        int agents = DemoOptions.DefaultAgents)
    {
        var options = new DemoOptions { Seed = seed, Faults = faults, Speed = speed, Mode = mode, Dialect = dialect, Agents = agents };
        var rig = new Rig(options);
        rig.Simulator = SimulatorApi.At(rig.SimulatorAddress);
        rig.Controls = new SimulatorControls(rig.SimulatorAddress);
        await rig.RunAsync("simulator", "simulator", "Outdial.Simulator", rig.Scenario.Simulator(rig.SimulatorAddress), rig.SimulatorAddress, "simulator/clock");
        return rig;
    }

    /// <summary>Another play of the demo's over the same simulator and accounts.</summary>
    /// <param name="mode">One of <see cref="DemoModes"/>.</param>
    /// <param name="agents">How many work.</param>
    public DemoScenario ScenarioOf(string mode, int agents = DemoOptions.DefaultAgents) =>
        DemoScenario.Of(_options with { Mode = mode, Agents = agents });

    /// <summary>Starts a program and waits until it is ready.</summary>
    /// <param name="name">Of the process and its log; the log of an earlier one of the same name goes on.</param>
    /// <param name="folder">The project's folder.</param>
    /// <param name="assembly">What was built from it.</param>
    /// <param name="settings">Environment variables; the clock's are added.</param>
    /// <param name="address">Where it is to serve.</param>
    /// <param name="ready">The path that answers 2xx when it is ready.</param>
    public async Task<ChildProcess> RunAsync(
        string name, string folder, string assembly, IReadOnlyDictionary<string, string> settings, Uri address, string ready = "health/ready")
    {
        var environment = new Dictionary<string, string>(settings) { ["ASPNETCORE_URLS"] = address.ToString() };
        foreach (var (key, value) in Clock.Environment())
            environment[key] = value;
        var child = ChildProcess.Start(name, Workshop.Program(folder, assembly), environment, LogOf(name));
        lock (_children)
            _children.Add(child);

        using var probe = new HttpClient { BaseAddress = address };
        await Eventually.Async(async () =>
        {
            if (child.HasExited)
                throw new InvalidOperationException($"{name} ended while it started:\n{string.Join('\n', child.Tail(30))}");
            try
            {
                using var response = await probe.GetAsync(ready);
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, StartDeadline, $"{name} is ready (log {LogOf(name)})");
        return child;
    }

    public string LogOf(string name) => Path.Combine(_folder, "logs", name + ".log");

    /// <summary>What every process of the platform wrote to its output; the simulator's is its own business.</summary>
    public IEnumerable<(string Log, string Line)> PlatformLogLines() =>
        from file in Directory.GetFiles(Path.Combine(_folder, "logs"), "*.log")
        where Path.GetFileNameWithoutExtension(file) != "simulator"
        from line in ReadShared(file)
        select (Path.GetFileName(file), line);

    /// <summary>The last lines of all logs, for the message of a failing test.</summary>
    public string Tail() => string.Join("\n", _children.Select(child => $"--- {child.Name}\n{string.Join('\n', child.Tail(15))}"));

    public static Uri LocalAddress() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));

    public async ValueTask DisposeAsync()
    {
        Simulator.Dispose();
        Controls.Dispose();
        await Task.WhenAll(_children.Select(child => child.DisposeAsync().AsTask()));
        TemporaryFolder.Remove(_folder);
    }

    private static List<string> ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }
}
