using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Outdial.LocalServers;

/// <summary>A server in the background: its output in a file, its id in a file, and it goes when we go.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // Opened by the shell, so that no pipe breaks under the server when we are gone. A session of its own keeps the
    // terminal's Ctrl-C away from it: the server must outlive the shutdown of those who use it. What it makes is closed to others.
    private const string Launch = """umask 077; log=$1; shift; exec setsid "$@" >>"$log" 2>&1 </dev/null""";

    // Reads from a pipe that only we hold. When we end, however we end, the read returns and the server is stopped; a frozen
    // one has to go on to hear of it.
    private const string Guard = """trap '' INT TERM; read -r done || { kill -"$2" "$1"; kill -CONT "$1"; } 2>/dev/null""";

    private readonly Process _process;
    private readonly Process _guard;
    private readonly string _pidFile;

    private ServerProcess(Process process, Process guard, string pidFile) =>
        (_process, _guard, _pidFile) = (process, guard, pidFile);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Sends the process a signal; nothing happens when it has ended.</summary>
    public void Send(Signal signal)
    {
        if (!_process.HasExited)
            Send(_process.Id, signal);
    }

    /// <summary>Waits for the process to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        return _process.ExitCode;
    }

    /// <param name="words">The command; it must not fork away.</param>
    /// <param name="environment">Variables on top of ours.</param>
    /// <param name="logFile">Where its output goes.</param>
    /// <param name="pidFile">Where its process id is noted for the next start after a crash of ours.</param>
    /// <param name="lastSignal">What the guard sends it when we die.</param>
    public static ServerProcess Start(
        IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string logFile, string pidFile, Signal lastSignal)
    {
        var start = new ProcessStartInfo("sh", ["-c", Launch, "sh", logFile, .. words]) { WorkingDirectory = "/" };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Command.Start(start);
        PrivateFiles.Write(pidFile, process.Id.ToString(CultureInfo.InvariantCulture));
        var guard = Command.Start(new ProcessStartInfo("setsid",
            ["sh", "-c", Guard, "sh", process.Id.ToString(CultureInfo.InvariantCulture), ((int)lastSignal).ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        });
        return new ServerProcess(process, guard, pidFile);
    }

    /// <summary>Asks it to stop, and ends it by force when it does not within the time.</summary>
    /// <returns>Its exit code; null when it had to be ended by force.</returns>
    public async Task<int?> StopAsync(Signal polite, TimeSpan patience)
    {
        Send(_process.Id, polite);
        int? exitCode = await ExitsAsync(patience) ? _process.ExitCode : null;
        if (exitCode is null)
        {
            Send(_process.Id, Signal.Kill);
            await ExitsAsync(patience);
        }
        await DisposeAsync();
        File.Delete(_pidFile);
        return exitCode;
    }

    /// <summary>Ends a server that a dead process of ours left behind, if the noted id is still that server.</summary>
    /// <param name="pidFile">Where the id was noted; may be absent.</param>
    /// <param name="mark">A text that the server's command line or environment holds and no other process's does.</param>
    /// <param name="polite">The signal to try first.</param>
    /// <param name="patience">How long to wait for it, in real time.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public static async Task StopOrphanAsync(string pidFile, string mark, Signal polite, TimeSpan patience, CancellationToken cancel)
    {
        // Ids are used again: only a process that carries the mark is ours to end.
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var id)
            || !Carries(id, mark))
            return;

        Send(id, polite);
        var waited = Stopwatch.StartNew();
        while (Carries(id, mark))
        {
            if (waited.Elapsed > patience)
                Send(id, Signal.Kill);
            if (waited.Elapsed > patience * 2)
                throw new LocalServerException($"The process {id} of an earlier run does not end. End it with: kill -9 {id}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_guard.HasExited)
        {
            await _guard.StandardInput.WriteLineAsync("done");
            _guard.StandardInput.Close();
            await _guard.WaitForExitAsync();
        }
        _guard.Dispose();
        _process.Dispose();
    }

    private async Task<bool> ExitsAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static bool Carries(int id, string mark)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;   // gone, or somebody else's
        }
    }

    /// <summary>Sends a process a signal; nothing happens when there is none.</summary>
    public static void Send(int id, Signal signal) => _ = Kill(id, (int)signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int id, int signal);
}

/// <summary>Signal numbers, the same on every Linux.</summary>
public enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    /// <summary>Lets a stopped process go on.</summary>
    Continue = 18,
    /// <summary>Freezes a process where it is; it cannot refuse.</summary>
    Stop = 19,
}
