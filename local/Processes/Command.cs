using System.Diagnostics;

namespace Outdial.LocalServers;

/// <summary>Short commands that run to their end.</summary>
internal static class Command
{
    /// <summary>Runs a command and returns what it printed.</summary>
    /// <exception cref="LocalServerException">It could not be started or ended with another code than zero.</exception>
    public static async Task<string> RunAsync(
        IReadOnlyList<string> words, CancellationToken cancel, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (code, output) = await TryAsync(words, environment, cancel);
        return code == 0
            ? output
            : throw new LocalServerException($"'{string.Join(' ', words.Take(8))}' ended with code {code}: {output.Trim()}");
    }

    /// <summary>True when the command ends with code zero.</summary>
    public static async Task<bool> SucceedsAsync(IReadOnlyList<string> words, CancellationToken cancel) =>
        (await TryAsync(words, null, cancel)).Code == 0;

    private static async Task<(int Code, string Output)> TryAsync(
        IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment, CancellationToken cancel)
    {
        // The folder of the caller may be closed to the user the command runs as.
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    internal static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new LocalServerException($"'{start.FileName}' could not be started: {e.Message}.", e);
        }
    }
}
