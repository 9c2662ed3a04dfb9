using System.Diagnostics;
using System.Text;

namespace Outdial.EndToEnd.Tests.Host.Documents;

/// <summary>Runs commands as somebody does who pastes them into a terminal.</summary>
/// <param name="folder">Where they are run.</param>
internal sealed class Shell(string folder)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>What was set before, such as variables.</summary>
    public StringBuilder Before { get; } = new("curl() { command curl -sS -i -H Expect: \"$@\"; }\n");

    /// <summary>A request with curl.</summary>
    /// <returns>Its status and body; of a stream, which has no end, only the status.</returns>
    public async Task<(int Status, string Body)> AskAsync(string command, bool isStream)
    {
        using var process = Start(command);
        using var limit = new CancellationTokenSource(s_patience, TimeProvider.System);
        try
        {
            var first = await process.StandardOutput.ReadLineAsync(limit.Token);
            if (first is null || !first.StartsWith("HTTP/", StringComparison.Ordinal))
                throw new InvalidOperationException($"{command}: {first} {await process.StandardError.ReadToEndAsync(limit.Token)}");
            var status = int.Parse(first.Split(' ')[1], null);
            if (isStream)
                return (status, "");
            var rest = await process.StandardOutput.ReadToEndAsync(limit.Token);
            return (status, rest.Split("\r\n\r\n", 2)[^1]);
        }
        finally
        {
            End(process);
        }
    }

    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(string command)
    {
        using var process = Start(command);
        using var limit = new CancellationTokenSource(s_patience, TimeProvider.System);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            End(process);
        }
    }

    private Process Start(string command) => Process.Start(new ProcessStartInfo("bash", ["-c", $"{Before}{command}"])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static void End(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }
}
