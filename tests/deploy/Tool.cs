using System.Diagnostics;

namespace Outdial.Deploy.Tests;

/// <summary>Runs scripts of the repository as people do.</summary>
internal static class Tool
{
    /// <param name="code">With which it has to end.</param>
    /// <param name="environment">Beside that of the test.</param>
    /// <param name="words">The program, and what it is told.</param>
    /// <returns>All that it said, errors last.</returns>
    public static async Task<string> RunAsync(int code, IReadOnlyDictionary<string, string> environment, params string[] words)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.At(),
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == code, $"{string.Join(' ', words)} ended with {process.ExitCode}: {await said}{errors}");
        return await said + errors;
    }

    /// <summary>The search path with a folder before it, whose programs take the place of others.</summary>
    public static string PathWith(string folder) => folder + ":" + Environment.GetEnvironmentVariable("PATH");
}
