using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Processes;
using Outdial.LocalServers;

namespace Outdial.Cli.Demo;

/// <summary>The processes of a run: the host, and the simulator unless a real provider is used.</summary>
public sealed class DemoServers : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan UsualIdlePulse = TimeSpan.FromSeconds(15);
    private readonly string _folder;
    private readonly List<ChildProcess> _children = [];

    private readonly DemoScenario _scenario;
    private DemoTarget? _target;
    private TimeSpan? _redial;

    private DemoServers(
        string folder, DemoClock clock, Uri hostAddress, Uri? simulatorAddress, DemoScenario scenario, IReadOnlyDictionary<string, string> account)
    {
        (_folder, Clock, HostAddress, SimulatorAddress, _scenario, Account) = (folder, clock, hostAddress, simulatorAddress, scenario, account);
        Simulator = simulatorAddress is null ? null : SimulatorApi.At(simulatorAddress);
    }

    public DemoClock Clock { get; }

    public Uri HostAddress { get; }

    /// <summary>Null with a real provider.</summary>
    public Uri? SimulatorAddress { get; }

    public ISimulatorApi? Simulator { get; }

    /// <summary>The provider account as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Account { get; }

    /// <summary>How a shell reads an admin's key.</summary>
    public string KeySource => _target?.KeySource ?? $"$(cat '{ApiKeyFile}')";

    /// <summary>Whether they ran before this run and go on after it.</summary>
    public bool AreForeign => _target is not null;

    private string ApiKeyFile => Path.Combine(DataFolder, "admin-api-key");

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Plans the processes of a run; nothing is started yet.</summary>
    public static DemoServers Plan(string folder, DemoOptions options, DemoScenario scenario, ExotelEnvironment? exotel, TimeProvider time)
    {
        // A real provider reaches the host by a public address that leads to a port which somebody has to know before.
        if (exotel is not null)
            return new(folder, DemoClock.Real(time), exotel.Listen, null, scenario, exotel.Account()) { _redial = options.Redial };

        var (host, simulator) = (LocalAddress(), LocalAddress());
        return new(folder, DemoClock.Accelerated(options.Speed, time), host, simulator, scenario, scenario.Account(simulator, host));
    }

    /// <summary>What runs already, with its own clock and its own simulator.</summary>
    /// <param name="target">Where it runs.</param>
    /// <param name="scenario">What is played there.</param>
    public static DemoServers Attach(DemoTarget target, DemoScenario scenario) =>
        new("", target.Clock, target.Platform, target.Simulator, scenario, scenario.Account(target.Simulator, target.Platform))
        {
            _target = target,
        };

    public async Task StartSimulatorAsync(CancellationToken cancel)
    {
        if (Simulator is null || AreForeign)
            return;
        var child = Start("simulator", "simulator", "Outdial.Simulator", _scenario.Simulator(SimulatorAddress!));
        await ReadyAsync(child, Simulator.IsReadyAsync, cancel);
    }

    /// <returns>The API of the host, once it is ready.</returns>
    public async Task<IOutdialApi> StartHostAsync(CancellationToken cancel)
    {
        if (!AreForeign)
            await RunHostAsync(cancel);
        var key = _target?.ApiKey ?? (await File.ReadAllTextAsync(ApiKeyFile, cancel)).Trim();
        var api = AreForeign ? OutdialApi.Patient(HostAddress, key) : OutdialApi.At(HostAddress, key);
        // A real provider's flow is set up by hand, in its dashboard.
        if (Simulator is not null)
            await _scenario.ConnectAsync(api, Simulator, cancel);
        return api;
    }

    private async Task RunHostAsync(CancellationToken cancel)
    {
        var settings = new Dictionary<string, string>(Account)
        {
            ["ASPNETCORE_URLS"] = HostAddress.ToString(),
            ["Host__DataFolder"] = DataFolder,
        };
        if (Simulator is not null)
            SimulatorAccount.Patience(settings, Clock.Speed);
        // Who wants to see redials after seconds does not want them found after a quarter of a minute.
        if (_redial < UsualIdlePulse)
            settings["Pacer__IdlePulse"] = _redial.Value.ToString("c", CultureInfo.InvariantCulture);

        var child = Start("host", "host", "Outdial.Host", settings);
        using var probe = new HttpClient { BaseAddress = HostAddress };
        await ReadyAsync(child, c => IsReadyAsync(probe, c), cancel);
    }

    /// <exception cref="CommandFailure">A process has ended by itself; says which, and how its log ends.</exception>
    public void ThrowIfOneEnded()
    {
        if (_children.FirstOrDefault(child => child.HasExited) is { } ended)
            throw new CommandFailure($"The {ended.Name} has stopped by itself.\n{LastWords(ended)}");
    }

    /// <summary>Where to read on when something went wrong: every log with its last lines.</summary>
    public string LastWords() => string.Join('\n', _children.Select(LastWords));

    public async ValueTask DisposeAsync()
    {
        Simulator?.Dispose();
        // The host first: it finishes what is in hand while the provider still answers.
        foreach (var child in Enumerable.Reverse(_children))
            await child.DisposeAsync();
    }

    private ChildProcess Start(string name, string folder, string assembly, IReadOnlyDictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>(settings);
        foreach (var (key, value) in Clock.Environment())
            environment[key] = value;
        var child = ChildProcess.Start(name, Workshop.Program(folder, assembly), environment, Path.Combine(_folder, "logs", name + ".log"));
        _children.Add(child);
        return child;
    }

    private async Task ReadyAsync(ChildProcess child, Func<CancellationToken, Task<bool>> isReady, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isReady(cancel))
        {
            ThrowIfOneEnded();
            if (TimeProvider.System.GetElapsedTime(started) > StartDeadline)
                throw new CommandFailure($"The {child.Name} was not ready within {StartDeadline.TotalSeconds:0} s.\n{LastWords(child)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancel);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancel)
    {
        try
        {
            using var response = await client.GetAsync("health/ready", cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string LastWords(ChildProcess child) =>
        $"Its log is {child.LogFile} and ends with:\n{string.Join('\n', child.Tail(12).Select(line => "  " + line))}";

    private static Uri LocalAddress() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
}
