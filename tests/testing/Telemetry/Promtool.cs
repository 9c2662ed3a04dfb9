using System.ComponentModel;
using System.Diagnostics;

namespace Outdial.Testing;

/// <summary>Prometheus' own tool, which looks through what a process says of itself, and through rules.</summary>
public static class Promtool
{
    /// <summary>What it objects to in a scrape; empty when it finds nothing.</summary>
    /// <exception cref="InvalidOperationException">It is not there. That is no reason to go on without it.</exception>
    public static async Task<string> CheckAsync(string metrics)
    {
        var (code, said) = await RunAsync(["check", "metrics"], metrics);
        return said is { Length: > 0 } found ? found : code == 0 ? "" : $"exit code {code}";
    }

    /// <summary>Runs one of its commands.</summary>
    /// <param name="words">Of the command.</param>
    /// <param name="input">What it reads.</param>
    /// <returns>Its exit code, and all that it says.</returns>
    /// <exception cref="InvalidOperationException">It is not there. That is no reason to go on without it.</exception>
    public static async Task<(int Code, string Said)> RunAsync(IEnumerable<string> words, string input = "")
    {
        using var promtool = new Process
        {
            StartInfo = new("promtool", words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            promtool.Start();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("promtool is missing. './outdial test' installs it, with Debian's package prometheus.", e);
        }
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(input);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, string.Concat(await said));
    }
}
