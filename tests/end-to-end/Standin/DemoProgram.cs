using System.Diagnostics;
using Outdial.Cli.Processes;

namespace Outdial.EndToEnd.Tests.Standin;

/// <summary><c>outdial demo …</c> as a process of its own, as the script hands over to it.</summary>
internal static class DemoProgram
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <returns>The exit code, and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Workshop.Program("cli", "Outdial.Cli"), "demo", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_patience, TimeProvider.System);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
