using System.ComponentModel;
using System.Diagnostics;

namespace Outdial.Testing;

/// <summary>Prometheus' own tool, which looks through what a process says of itself.</summary>
public static class Promtool
{
    /// <summary>What it objects to in a scrape; empty when it finds nothing.</summary>
    /// <exception cref="InvalidOperationException">It is not there. That is no reason to go on without it.</exception>
    public static async Task<string> CheckAsync(string metrics)
    {
        using var promtool = new Process
        {
            StartInfo = new("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
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
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return string.Concat(await said) is { Length: > 0 } found ? found : promtool.ExitCode == 0 ? "" : $"exit code {promtool.ExitCode}";
    }
}
