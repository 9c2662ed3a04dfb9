using Outdial.LocalServers;

namespace Outdial.Cli.Processes;

/// <summary>
/// A program of this checkout in the background: its output goes to a log file, and it is stopped by its process id,
/// also when this process is killed. The terminal's Ctrl-C does not reach it: we stop it, in order.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ServerProcess _process;
    private bool _stopped;

    private ChildProcess(string name, ServerProcess process, string logFile) => (Name, _process, LogFile) = (name, process, logFile);

    public string Name { get; }

    public string LogFile { get; }

    public int Id => _process.Id;

    public bool HasExited => _stopped || _process.HasExited;

    /// <param name="name">For messages, such as <c>host</c>.</param>
    /// <param name="program">Path of the built dll.</param>
    /// <param name="environment">Added to this process's own environment, and to <see cref="ShortLife"/>.</param>
    /// <param name="logFile">Output is appended to it; its folder is created.</param>
    /// <param name="arguments">For the program.</param>
    public static ChildProcess Start(
        string name, string program, IReadOnlyDictionary<string, string> environment, string logFile, params IReadOnlyList<string> arguments)
    {
        PrivateFiles.Folder(Path.GetDirectoryName(logFile)!);
        // Settings files lie beside the program, so that is where it has to run.
        string[] words = ["env", "-C", Path.GetDirectoryName(program)!, DotNet(), program, .. arguments];
        var all = new Dictionary<string, string>(ShortLife.Settings);
        foreach (var (key, value) in environment)
            all[key] = value;
        return new(name, ServerProcess.Start(words, all, logFile, logFile + ".pid", Signal.Terminate), logFile);
    }

    /// <summary>The last lines of its log.</summary>
    public IReadOnlyList<string> Tail(int lines) => File.Exists(LogFile) ? [.. ReadShared().TakeLast(lines)] : [];

    /// <summary>Waits for its own end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> WaitForExitAsync(CancellationToken cancel) => _process.WaitForExitAsync(cancel);

    /// <summary>Sends it a signal; nothing happens when it has ended.</summary>
    public void Send(Signal signal)
    {
        if (!_stopped)
            _process.Send(signal);
    }

    /// <summary>Asks it to stop, and kills it when it does not.</summary>
    /// <returns>Its exit code; null when it was killed, or stopped before.</returns>
    public Task<int?> StopAsync() => StopAsync(Signal.Terminate);

    /// <summary>Kills it as a power cut would: not another line of it is run.</summary>
    public Task KillAsync() => StopAsync(Signal.Kill);

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<int?> StopAsync(Signal signal)
    {
        if (_stopped)
            return null;
        _stopped = true;
        return await _process.StopAsync(signal, Patience);
    }

    private IEnumerable<string> ReadShared()
    {
        using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static string DotNet() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
}
