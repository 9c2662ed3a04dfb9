using System.CommandLine;
using System.CommandLine.Parsing;
using Outdial.Cli.Cluster;
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
        };
        var seed = new Option<long>("--seed") { Description = "Repeats a run: the simulated people and faults depend on it alone.", DefaultValueFactory = _ => 1 };
        var faults = new Option<string>("--faults") { Description = "The simulator's mischief: none, some or many.", DefaultValueFactory = _ => "some" };
        faults.AcceptOnlyFromAmong("none", "some", "many");
        var keep = new Option<bool>("--keep") { Description = "Go on serving after the report, until Ctrl-C." };
        var speed = new Option<double>("--speed") { Description = "Virtual seconds per real second.", DefaultValueFactory = _ => DemoOptions.DefaultSpeed };
        speed.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 1 and <= 600))
                result.AddError("--speed must be a number from 1 to 600.");
        });
        var provider = new Option<string>("--provider") { Description = "simulator, or exotel with an account from the environment (OUTDIAL_EXOTEL_*).", DefaultValueFactory = _ => "simulator" };
        provider.AcceptOnlyFromAmong("simulator", "exotel");
        var mode = new Option<string>("--mode")
        {
            Description = "How it dials: notification (no agents), progressive (a lead for each free agent), preview (the agent sees the lead first) or power (the customer first).",
            DefaultValueFactory = _ => DemoModes.Notification,
        };
        mode.AcceptOnlyFromAmong(DemoModes.Notification, DemoModes.Progressive, DemoModes.Preview, DemoModes.Power);
        var dialect = new Option<string>("--provider-dialect") { Description = "In which provider's words the simulator is spoken to: exotel or portaswitch.", DefaultValueFactory = _ => DemoDialects.Exotel };
        dialect.AcceptOnlyFromAmong(DemoDialects.Exotel, DemoDialects.PortaSwitch);
        var agents = new Option<int>("--agents") { Description = "Simulated agents, in modes with agents.", DefaultValueFactory = _ => DemoOptions.DefaultAgents };
        agents.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 1 and <= 90))
                result.AddError("--agents must be a number from 1 to 90.");
        });
        var real = new RealPhoneOptions();

        var onUp = new Option<bool>("--on-up") { Description = "Run the campaign on what 'outdial up' has started; its mode, faults, seed and clock hold." };
        var address = Place("--address", "Run the campaign on a platform that is served there, such as one of docker compose; its faults, seed and clock hold.");
        var simulator = Place("--simulator", "With --address: where its simulated provider is served.");
        var keyFile = new Option<FileInfo?>("--key-file") { Description = $"With --address: the file with an admin's API key. Without it, the key is in {DemoTarget.KeyVariable}." };

        var command = new Command("demo", "Runs a campaign from a list of leads, with live progress, to a report and a verdict.")
        {
            leads, mode, agents, seed, faults, keep, speed, provider, dialect, onUp, address, simulator, keyFile,
        };
        foreach (var option in real.All)
            command.Add(option);
        command.Validators.Add(result =>
        {
            // Here an option that was not given has no value yet, not even its default.
            var (isReal, wantedMode, wantedDialect) = (result.GetValue(provider) == "exotel", result.GetValue(mode), result.GetValue(dialect));
            if (isReal && wantedMode is not (null or DemoModes.Notification))
            {
                result.AddError($"--mode is '{wantedMode}' and must be notification with --provider exotel, which rings real phones: "
                    + "the other modes' agents are simulated.");
            }
            if (isReal && wantedDialect is not (null or DemoDialects.Exotel))
                result.AddError($"--provider-dialect is '{wantedDialect}' and must be exotel with --provider exotel.");
            if (isReal && (result.GetValue(onUp) || result.GetResult(address) is not null))
                result.AddError("--on-up and --address dial simulated phones; they do not go with --provider exotel.");
            foreach (var option in isReal ? [] : real.All.Where(option => result.GetResult(option) is { Implicit: false }))
                result.AddError($"{option.Name} is for real phones and goes with --provider exotel only.");
            if (result.GetResult(address) is null != result.GetResult(simulator) is null)
                result.AddError("--address and --simulator belong together: the verdict compares what both have recorded.");
            if (result.GetValue(onUp) && result.GetResult(address) is not null)
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

    private static Option<Uri?> Place(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
                return uri;
            result.AddError($"{name} is '{result.Tokens[0].Value}' and must be an address such as http://localhost:8080.");
            return null;
        },
    };
}
