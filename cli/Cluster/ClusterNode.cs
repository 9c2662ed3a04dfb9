using Outdial.Cli.Processes;
using Outdial.LocalServers;

namespace Outdial.Cli.Cluster;

/// <summary>One process of the cluster, on an address that stays the same however often it is started.</summary>
/// <param name="kind">Which program.</param>
/// <param name="replica">1, 2, …</param>
/// <param name="address">Where it serves.</param>
/// <param name="settings">Environment variables.</param>
/// <param name="logFile">Goes on over restarts.</param>
public sealed class ClusterNode(ServiceKind kind, int replica, Uri address, Dictionary<string, string> settings, string logFile) : IAsyncDisposable
{
    private readonly HttpClient _probe = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
    private ChildProcess? _process;

    public ServiceKind Kind => kind;

    public int Replica => replica;

    public string Name => $"{kind.Name}-{replica}";

    public Uri Address => address;

    public string LogFile => logFile;

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    public bool IsRunning => _process is { HasExited: false };

    public bool IsFrozen { get; private set; }

    /// <summary>Null while it does not run.</summary>
    public int? ProcessId => IsRunning ? _process!.Id : null;

    /// <summary>Settings of verbs alone, in place of the service's own: <c>migrate</c> may do what the service may not.</summary>
    public IReadOnlyDictionary<string, string> OfVerbs { get; init; } = new Dictionary<string, string>();

    /// <summary>Sets one more setting, for the starts to come.</summary>
    public void Set(string key, string value) => settings[key] = value;

    /// <summary>Starts it, for the first time or again.</summary>
    /// <param name="extra">Settings of this run alone, such as a skewed clock.</param>
    public void Start(IReadOnlyDictionary<string, string>? extra = null)
    {
        if (IsRunning)
            return;
        var environment = new Dictionary<string, string>(settings);
        foreach (var (key, value) in extra ?? new Dictionary<string, string>())
            environment[key] = value;
        _process = ChildProcess.Start(Name, Workshop.Program(kind.Folder, kind.Assembly), environment, logFile);
        Starts++;
    }

    /// <summary>Runs the program's <c>migrate</c> verb to its end.</summary>
    /// <exception cref="CommandFailure">It did not succeed.</exception>
    public Task MigrateAsync(CancellationToken cancel) => RunAsync(["migrate"], cancel);

    /// <summary>Runs a verb of the program to its end, with the settings of the service.</summary>
    /// <param name="words">The verb and its arguments.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="CommandFailure">It did not succeed.</exception>
    public async Task RunAsync(IReadOnlyList<string> words, CancellationToken cancel)
    {
        var sentence = string.Join(' ', words);
        var environment = new Dictionary<string, string>(settings);
        foreach (var (key, value) in OfVerbs)
            environment[key] = value;
        await using var job = ChildProcess.Start($"{kind.Name} {words[0]}", Workshop.Program(kind.Folder, kind.Assembly), environment, logFile, words);
        if (await job.WaitForExitAsync(cancel) is not 0 and var code)
            throw new CommandFailure($"'{kind.Name} {sentence}' ended with code {code}. Its log is {logFile} and ends with:\n{string.Join('\n', job.Tail(12))}");
    }

    /// <summary>SIGTERM, as Kubernetes sends it: the process finishes what is in hand.</summary>
    public async Task StopAsync()
    {
        Wake();
        if (_process is not null)
            await _process.StopAsync();
    }

    /// <summary>SIGKILL, as a power cut would.</summary>
    public async Task KillAsync()
    {
        IsFrozen = false;
        if (_process is not null)
            await _process.KillAsync();
    }

    /// <summary>Stops the process in the middle of whatever it does; it does not know.</summary>
    public void Freeze()
    {
        _process?.Send(Signal.Stop);
        IsFrozen = true;
    }

    /// <summary>Lets a frozen process go on, with all that it believed when it was frozen.</summary>
    public void Wake()
    {
        if (IsFrozen)
            _process?.Send(Signal.Continue);
        IsFrozen = false;
    }

    /// <summary>Whether it says that it is ready; the sentence is empty when it is.</summary>
    public async Task<(bool Ready, string Sentence)> IsReadyAsync(CancellationToken cancel)
    {
        if (!IsRunning)
            return (false, Starts == 0 ? "not started" : "ended");
        if (IsFrozen)
            return (false, "frozen");
        try
        {
            using var response = await _probe.GetAsync("health/ready", cancel);
            return response.IsSuccessStatusCode ? (true, "") : (false, $"not ready ({(int)response.StatusCode})");
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return (false, "starting");
        }
    }

    /// <summary>How its log ends, for a message.</summary>
    public string LastWords(int lines = 12) =>
        $"The log of {Name} is {logFile} and ends with:\n{string.Join('\n', (_process?.Tail(lines) ?? []).Select(line => "  " + line))}";

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _probe.Dispose();
    }
}
