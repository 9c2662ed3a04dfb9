using System.Diagnostics;
using Outdial.Cli.Processes;
using Outdial.LocalServers;

namespace Outdial.Cli.Testing;

/// <summary>Runs test projects against shared servers, tells how it goes, and sums up in one closing line.</summary>
public static class TestRun
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    /// <returns>0 when tests ran and none failed, else 1.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<TestProject> projects, string? filter, int parallel, CancellationToken cancel)
    {
        var results = Path.Combine(Workshop.Root, "TestResults");
        PrivateFiles.Folder(results);
        var outcomes = new List<TestOutcome>();
        // One project by itself starts what its tests ask for, when they ask: those of pure functions wait for no server.
        var servers = projects.Count > 1 ? await SharedAsync() : null;
        await using (servers)
        {
            // Those with the most to do first, so that none of them runs on alone.
            await EachAsync(projects.Where(project => !project.StartsPlatforms).OrderByDescending(project => project.Size), parallel);
            await EachAsync(projects.Where(project => project.StartsPlatforms), Math.Max(1, parallel / 2));

            Task EachAsync(IEnumerable<TestProject> some, int atATime)
            {
                var options = new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancel };
                return Parallel.ForEachAsync(some, options, async (project, stop) =>
                {
                    var outcome = await WithSignsOfLife(project, project.RunAsync(filter, servers?.Environment, results, stop), stop);
                    lock (outcomes)
                    {
                        outcomes.Add(outcome);
                        Tell($"[{outcomes.Count}/{projects.Count}] {project.Name}: {Counts([outcome])} ({outcome.Taken.TotalSeconds:0.0} s)");
                    }
                });
            }
        }

        foreach (var (project, test) in outcomes.SelectMany(outcome => outcome.Failed.Select(test => (outcome.Project.Name, test))))
            Tell($"\nFAILED {test.Name}  ({project})\n{Indented(test.Message)}\n{Indented(string.Join('\n', test.Trace.Split('\n').Take(8)))}");
        var passed = outcomes.Sum(outcome => outcome.Passed);
        var failed = outcomes.Sum(outcome => outcome.Failed.Count);
        if (passed + failed == 0)
            Tell("No test ran.");
        Tell(Counts(outcomes));
        return failed == 0 && passed > 0 ? 0 : 1;

        Task<TestServers> SharedAsync()
        {
            Tell("Starting PostgreSQL and RabbitMQ …");
            return TestServers.StartAsync(cancel);
        }
    }

    private static async Task<TestOutcome> WithSignsOfLife(TestProject project, Task<TestOutcome> run, CancellationToken cancel)
    {
        Tell($"{project.Name} …");
        var taken = Stopwatch.StartNew();
        while (await Task.WhenAny(run, Task.Delay(SignOfLife, TimeProvider.System, cancel)) != run && !cancel.IsCancellationRequested)
            Tell($"{project.Name} … {taken.Elapsed.TotalSeconds:0} s");
        return await run;
    }

    private static string Counts(IReadOnlyCollection<TestOutcome> outcomes) =>
        $"{outcomes.Sum(outcome => outcome.Passed)} passed, {outcomes.Sum(outcome => outcome.Failed.Count)} failed, {outcomes.Sum(outcome => outcome.Skipped)} skipped";

    private static string Indented(string text) => "    " + text.Trim().Replace("\n", "\n    ");

    private static void Tell(string line) => Console.WriteLine(line);
}
