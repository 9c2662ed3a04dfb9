using System.CommandLine;
using System.Globalization;
using Outdial.Cli.Cluster;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Chaos;

/// <summary><c>outdial chaos</c>: is every call accounted for while things die?</summary>
public static class ChaosCommand
{
    public static Command Create()
    {
        var minutes = new Option<double?>("--minutes") { Description = "How long things are done to the platform. Default: a short script, once." };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (>= 0.5 and <= 600)))
                result.AddError("--minutes must be a number from 0.5 to 600.");
        });
        var seed = new Option<long>("--seed") { Description = "Of the people, the provider's faults and the script.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<int>("--seeds") { Description = "So many runs, with seeds counted up from --seed. Ends with the first that fails.", DefaultValueFactory = _ => 1 };
        var leads = new Option<int>("--leads") { Description = "Leads of each notification campaign.", DefaultValueFactory = _ => 400 };
        var replicas = new Option<string[]>("--replicas") { Description = "As of 'outdial up'. Default: two of pacer, agent-router and ingress.", AllowMultipleArgumentsPerToken = true };
        var speed = new Option<double>("--speed") { Description = "Virtual seconds per real second.", DefaultValueFactory = _ => ChaosOptions.DefaultSpeed };

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
            if (parsed.GetValue(replicas) is { Length: > 0 } words)
                options = options with { Replicas = UpCommand.Replicas(words) };
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
