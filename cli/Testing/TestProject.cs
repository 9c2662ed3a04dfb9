using System.Diagnostics;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Testing;

/// <summary>One built test project.</summary>
/// <param name="Name">Its folder under <c>tests/</c>.</param>
/// <param name="Assembly">Path of the built dll.</param>
public sealed record TestProject(string Name, string Assembly)
{
    // Longer than any honest test takes; a deadlock must not hold up a build for hours.
    private const string HangLimit = "10m";

    // Milliseconds in which a test process may stop the servers that it has started; a tenth of a second is what it gets otherwise.
    private const string ServersStop = "30000";

    private static readonly string[] s_startPlatforms = ["chaos", "end-to-end"];

    /// <summary>Its tests start whole platforms, on a clock that runs fast: such a project uses two processors by itself.</summary>
    public bool StartsPlatforms => s_startPlatforms.Contains(Name);

    /// <summary>Bytes of the assembly: the more there is in it, the longer it takes.</summary>
    public long Size => new FileInfo(Assembly).Length;

    /// <summary>The test projects under <c>tests/</c>.</summary>
    /// <param name="names">Those wanted; none means all.</param>
    /// <exception cref="CommandFailure">A name fits no project; lists those that there are.</exception>
    public static IReadOnlyList<TestProject> Find(IReadOnlyList<string> names)
    {
        var all = Directory.EnumerateFiles(Path.Combine(Workshop.Root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("Microsoft.NET.Test.Sdk", StringComparison.Ordinal))
            .Select(file => (Name: Path.GetFileName(Path.GetDirectoryName(file)!), File: file))
            .OrderBy(project => project.Name, StringComparer.Ordinal)
            .ToArray();
        var wanted = names.Select(name => name.TrimEnd('/').Split('/')[^1]).ToArray();
        if (wanted.FirstOrDefault(name => all.All(project => project.Name != name)) is { } unknown)
            throw new CommandFailure($"There is no test project '{unknown}'. There are: {string.Join(", ", all.Select(project => project.Name))}.");
        return [.. all.Where(project => wanted.Length == 0 || wanted.Contains(project.Name)).Select(project =>
            new TestProject(project.Name, Workshop.Program($"tests/{project.Name}", Path.GetFileNameWithoutExtension(project.File))))];
    }

    /// <summary>Runs the project's tests to their end.</summary>
    /// <param name="filter">Which tests; null means all.</param>
    /// <param name="environment">Added to our own; null: nothing is, and the tests start their servers themselves.</param>
    /// <param name="results">Folder for the result file and the log.</param>
    /// <param name="cancel">Ends the run and everything it started.</param>
    public async Task<TestOutcome> RunAsync(
        string? filter, IReadOnlyDictionary<string, string>? environment, string results, CancellationToken cancel)
    {
        var (resultFile, logFile) = (Path.Combine(results, Name + ".trx"), Path.Combine(results, Name + ".log"));
        File.Delete(resultFile);
        List<string> words = ["test", Assembly, "--logger", $"trx;LogFileName={resultFile}", "--results-directory", results,
            "--blame-hang", "--blame-hang-timeout", HangLimit, "--blame-hang-dump-type", "none"];
        if (filter is not null)
            words.AddRange(["--filter", filter]);
        var start = new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Workshop.Root };
        foreach (var (name, value) in ShortLife.Settings.Concat(environment ?? new Dictionary<string, string>()))
            start.Environment[name] = value;
        start.Environment["VSTEST_TESTHOST_SHUTDOWN_TIMEOUT"] = ServersStop;

        var taken = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await using var log = new StreamWriter(logFile);
        try
        {
            await Task.WhenAll(CopyAsync(process.StandardOutput, log, cancel), CopyAsync(process.StandardError, log, cancel));
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return TestOutcome.Read(this, resultFile, logFile, process.ExitCode, taken.Elapsed);
    }

    private static async Task CopyAsync(StreamReader from, StreamWriter to, CancellationToken cancel)
    {
        while (await from.ReadLineAsync(cancel) is { } line)
        {
            lock (to)
                to.WriteLine(line);
        }
    }
}
