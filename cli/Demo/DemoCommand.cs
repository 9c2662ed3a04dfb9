using System.CommandLine;
using System.CommandLine.Parsing;
using Outdial.Cli.Cluster;
using Outdial.Cli.Parsing;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Demo;

/// <summary><c>outdial demo</c>: a whole campaign from a CSV to a verdict.</summary>
public static class DemoCommand
{
    public static Command Create()
    {
        var leads = new Argument<FileInfo?>("leads.csv")
        {
            Description = "The leads to call: a CSV, a workbook (.xlsx, .xls) or NDJSON, also packed (.gz). Default: samples/leads-1000.csv of the "
                + "repository; no default for a real provider.",
            Arity = ArgumentArity.ZeroOrOne,
        }.WithoutOptions();
        var seed = Asked.Seed("Repeats a run: the simulated people and faults depend on it alone.");
        var faults = Asked.Word("--faults", "some", "The simulator's mischief.", "none", "some", "many");
        var keep = Asked.Flag("--keep", "Go on serving after the report, until Ctrl-C.");
        var speed = Asked.Number("--speed", 1, DemoOptions.HighestSpeed, DemoOptions.DefaultSpeed, "Virtual seconds per real second.");
        var provider = Asked.Word(
            "--provider", "simulator", "The simulator, or exotel with an account from the environment (OUTDIAL_EXOTEL_*).", "simulator", "exotel");
        var mode = DemoModes.Option(DemoModes.Notification,
            "How it dials: notification (no agents), progressive (a lead for each free agent), preview (the agent sees the lead first) or power "
            + "(the customer first).");
        var dialect = DemoDialects.Option("In which provider's words the simulator is spoken to.");
        var agents = Asked.Whole("--agents", 1, 90, DemoOptions.DefaultAgents, "Simulated agents, in modes with agents.");
        var real = new RealPhoneOptions();

        var onUp = Asked.Flag("--on-up", "Run the campaign on what './outdial up' has started; its mode, faults, seed and clock hold.");
        var address = Asked.Address("--address", "Run the campaign on a platform that is served there, such as one of docker compose; its faults, seed and clock hold.");
        var simulator = Asked.Address("--simulator", "With --address: where its simulated provider is served.");
        var keyFile = new Option<FileInfo?>("--key-file") { Description = $"With --address: the file with an admin's API key. Without it, the key is in {DemoTarget.KeyVariable}." };

        var command = new Command("demo", "Runs a campaign from a list of leads, with live progress, to a report and a verdict.")
        {
            leads, mode, agents, seed, faults, keep, speed, provider, dialect, onUp, address, simulator, keyFile,
        };
        foreach (var option in real.All)
            command.Add(option);
        command.Validators.Add(result =>
        {
            var (isReal, wantedMode, wantedDialect) = (result.Given(provider) == "exotel", result.Given(mode), result.Given(dialect));
            var (isOnUp, isElsewhere) = (result.Given(onUp) is not (null or "false"), result.Given(address) is not null);
            if (isReal && wantedMode is not (null or DemoModes.Notification))
            {
                result.AddError($"--mode is '{wantedMode}' and must be notification with --provider exotel, which rings real phones: "
                    + "the other modes' agents are simulated.");
            }
            if (isReal && wantedDialect is not (null or DemoDialects.Exotel))
                result.AddError($"--provider-dialect is '{wantedDialect}' and must be exotel with --provider exotel.");
            if (isReal && (isOnUp || isElsewhere))
                result.AddError("--on-up and --address dial simulated phones; they do not go with --provider exotel.");
            foreach (var option in isReal ? [] : real.All.Where(option => result.Given(option) is not null))
                result.AddError($"{option.Name} is for real phones and goes with --provider exotel only.");
            if (isElsewhere != result.Given(simulator) is not null)
                result.AddError("--address and --simulator belong together: the verdict compares what both have recorded.");
            if (!isElsewhere && result.Given(keyFile) is { } file)
                result.AddError($"--key-file is '{file}' and goes with --address only: a platform of one's own makes its keys by itself.");
            if (isOnUp && isElsewhere)
                result.AddError("--on-up and --address both say where the campaign runs; give one of them.");
        });
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(async () =>
        {
            foreach (var remark in Ignored(parsed))
                await Console.Out.WriteLineAsync(remark);
            var up = parsed.GetValue(onUp) ? ClusterState.Read() : null;
            var target = up is not null ? DemoTarget.Of(up)
                : parsed.GetValue(address) is { } at
                    ? await DemoTarget.AtAsync(at, parsed.GetValue(simulator)!, parsed.GetValue(keyFile), TimeProvider.System, cancel)
                : null;
            return await new DemoRun(new DemoOptions
            {
                Leads = parsed.GetValue(leads),
                Seed = parsed.GetValue(seed),
                Faults = parsed.GetValue(faults)!,
                Keep = parsed.GetValue(keep),
                Speed = target?.Clock.Speed ?? parsed.GetValue(speed),
                Provider = parsed.GetValue(provider)!,
                Mode = up?.Mode ?? parsed.GetValue(mode)!,
                Dialect = up?.Dialect ?? parsed.GetValue(dialect)!,
                Agents = parsed.GetValue(agents),
                CallerIds = parsed.GetValue(real.CallerIds) ?? [],
                Window = parsed.GetValue(real.Window),
                Redial = parsed.GetValue(real.Redial),
                Folder = parsed.GetValue(real.Folder),
                Yes = parsed.GetValue(real.Yes),
            }, target).RunAsync(cancel);
        }));
        return command;
    }

    /// <summary>What was given and means nothing here, a sentence each: an option that does nothing says so.</summary>
    public static IEnumerable<string> Ignored(ParseResult parsed)
    {
        bool Given(string option) => parsed.GetResult(option) is OptionResult { Implicit: false };
        var (up, elsewhere, real) = (parsed.GetValue<bool>("--on-up"), Given("--address"), parsed.GetValue<string>("--provider") == "exotel");
        if (Given("--agents") && !up && parsed.GetValue<string>("--mode") == DemoModes.Notification)
            yield return "--agents is ignored: the mode notification works without agents. Those with agents: --mode progressive, preview or power.";
        foreach (var option in new[] { "--seed", "--faults", "--speed" }.Where(Given))
        {
            if (up || elsewhere)
                yield return $"{option} is ignored: what runs {(up ? "there" : "at --address")} already has its own.";
            else if (real)
                yield return $"{option} is ignored: with --provider exotel nothing is simulated.";
        }
        foreach (var option in new[] { "--mode", "--provider-dialect" }.Where(option => up && Given(option)))
            yield return $"{option} is ignored: that of './outdial up' holds.";
    }
}
