using System.CommandLine;
using System.Globalization;
using Outdial.Cli.Cluster;
using Outdial.Cli.Demo;
using Outdial.Cli.Parsing;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Chaos;

/// <summary><c>outdial chaos</c>: is every call accounted for while things die?</summary>
public static class ChaosCommand
{
    public static Command Create()
    {
        var minutes = Asked.NumberOrNone("--minutes", 0.5, 600, "How long things are done to the platform. Default: a short script, once.");
        var seed = Asked.Seed("Of the people, the provider's faults and the script.");
        var seeds = Asked.Whole("--seeds", 1, 10_000, 1, "So many runs, with seeds counted up from --seed. Ends with the first that fails.");
        var leads = Asked.Whole("--leads", 1, 100_000, 400, "Leads of each notification campaign.");
        var replicas = Replicas.Option("As of './outdial up'. Default: two of pacer, agent-router and ingress.");
        var speed = Asked.Number("--speed", 1, DemoOptions.HighestSpeed, ChaosOptions.DefaultSpeed, "Virtual seconds per real second.");

        var command = new Command("chaos", "Runs campaigns on the distributed platform while its processes and servers are killed, frozen and cut, and judges.")
        {
            minutes, seed, seeds, leads, replicas, speed,
        };
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(async () =>
        {
            var options = new ChaosOptions
            {
                Length = parsed.GetValue(minutes) is { } length ? TimeSpan.FromMinutes(length) : null,
                Leads = parsed.GetValue(leads),
                Speed = parsed.GetValue(speed),
                Folder = Folder(parsed.GetValue(seed)),
            };
            if (parsed.GetValue(replicas) is { Count: > 0 } wanted)
                options = options with { Replicas = wanted };
            for (var run = 0; run < parsed.GetValue(seeds); run++)
            {
                var one = parsed.GetValue(seed) + run;
                if (!await RunAsync(options with { Seed = one, Folder = Folder(one) }, cancel))
                    return 1;
            }
            return 0;
        }));
        return command;
    }

    private static async Task<bool> RunAsync(ChaosOptions options, CancellationToken cancel)
    {
        using var claim = FolderClaim.Take(options.Folder, holder =>
            $"A run of chaos with seed {options.Seed} goes on in this checkout already (process {holder}), and another one would take its data. "
            + $"Wait for it, give another --seed, or end it with Ctrl-C where it runs, or with: kill {holder}");
        if (Directory.Exists(options.Folder))
            Directory.Delete(options.Folder, recursive: true);
        Console.WriteLine($"seed {options.Seed}; logs and data in {options.Folder}");
        var result = await new ChaosRun(options, Console.WriteLine, TimeProvider.System).RunAsync(cancel);
        foreach (var line in result.Lines())
            Console.WriteLine(line);
        foreach (var finding in result.Verdict.Findings.Take(40))
            Console.WriteLine($"  {finding.Kind} {finding.Id} {finding.Text}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"taken: {result.Taken.TotalSeconds:0} s"));
        Console.WriteLine(result.Verdict.Line());
        return result.Verdict.Ok;
    }

    private static string Folder(long seed) => Path.Combine(Workshop.Data, "chaos", seed.ToString(CultureInfo.InvariantCulture));
}
