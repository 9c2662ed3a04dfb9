using System.CommandLine;
using Outdial.Cli.Api;
using Outdial.Cli.Parsing;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Demo;

/// <summary>
/// What a run shows: the provider's dialect, the campaign, the people who work for it and how the end is judged. Processes,
/// upload, live picture and report are the same for all.
/// </summary>
public abstract class DemoScenario(DemoOptions options)
{
    protected DemoOptions Options => options;

    /// <summary>How many leads of the sample are called, null: all. A list of the user's own is always called whole.</summary>
    public virtual int? SampleLeads => null;

    /// <exception cref="CommandFailure">There is no run of this mode over this provider; the message says which there are.</exception>
    public static DemoScenario Of(DemoOptions options) => (options.Mode, options.Dialect) switch
    {
        (DemoModes.Notification, DemoDialects.Exotel) => new NotificationScenario(options),
        (DemoModes.Progressive or DemoModes.Preview, DemoDialects.Exotel) => new ProgressiveScenario(options),
        (DemoModes.Power, DemoDialects.PortaSwitch) => new PowerScenario(options),
        (DemoModes.Power, DemoDialects.Exotel) => new CustomersFlowScenario(options),
        _ => throw new CommandFailure($"There is no run of --mode {options.Mode} over --provider-dialect {options.Dialect}."),
    };

    /// <summary>The simulator's settings as environment variables.</summary>
    /// <param name="address">Where it is to serve.</param>
    public virtual Dictionary<string, string> Simulator(Uri address) => SimulatorAccount.Server(address, options.Seed, options.Faults);

    /// <summary>The account <c>default</c> on the platform's side, as environment variables.</summary>
    /// <param name="simulator">Where the simulator serves.</param>
    /// <param name="callbacks">Where our webhooks are received.</param>
    public virtual Dictionary<string, string> Account(Uri simulator, Uri callbacks) => SimulatorAccount.Of(simulator, callbacks);

    /// <summary>Tells the simulated provider where its flows report, as one would do by hand in a dashboard.</summary>
    public virtual async Task ConnectAsync(IOutdialApi api, ISimulatorApi simulator, CancellationToken cancel) =>
        await simulator.SetPassthruAsync((await api.GetFlowAddressesAsync(cancel)).Passthru, cancel);

    /// <summary>Takes over the account's numbers as caller IDs, or those that were named.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="CommandFailure">There are none.</exception>
    public virtual async Task<int> RegisterCallerIdsAsync(IOutdialApi api, CancellationToken cancel)
    {
        if (options.CallerIds.Count > 0)
            return await RegisterAsync(options.CallerIds, api, cancel);

        var numbers = await ListedAsync(api, cancel);
        if (numbers.Count == 0)
            throw new CommandFailure($"The account has no number that can make calls: buy an ExoPhone, or ask the provider to enable voice.{NameThem}");
        // Leads of a circle without a number of ours see the default: one that belongs to no circle, else the first.
        if (!numbers.Exists(number => number.IsDefault))
            await api.PutCallerIdAsync(numbers[0] with { IsDefault = true }, cancel);
        return numbers.Count;
    }

    /// <summary>What helps where a provider has no list of the account's numbers, or an empty one.</summary>
    private string NameThem => options.Simulated ? "" : "\nNumbers that the provider does not list can be named: --caller-id +918047851000";

    private async Task<List<CallerId>> ListedAsync(IOutdialApi api, CancellationToken cancel)
    {
        try
        {
            return await api.SyncCallerIdsAsync(cancel);
        }
        catch (CommandFailure failure)
        {
            throw new CommandFailure(failure.Message + NameThem);
        }
    }

    /// <summary>The numbers become caller IDs for leads of any circle; what is known of them from an earlier run stays known.</summary>
    private static async Task<int> RegisterAsync(IReadOnlyList<string> numbers, IOutdialApi api, CancellationToken cancel)
    {
        var known = (await api.GetCallerIdsAsync(cancel)).ToDictionary(callerId => callerId.Number);
        foreach (var number in numbers)
            await api.PutCallerIdAsync(
                (known.GetValueOrDefault(number) ?? new CallerId(number, "default", null, true, null)) with { IsDefault = true }, cancel);
        return numbers.Count;
    }

    /// <summary>The campaign in the words of the API.</summary>
    /// <param name="list">What the leads are called.</param>
    public abstract object Campaign(string list);

    /// <summary>Opens the floor before the campaign is started: agents are made and signed in. By default nobody works.</summary>
    public virtual Task<DemoFloor> OpenFloorAsync(DemoStage stage, CancellationToken cancel) => Task.FromResult(new DemoFloor());

    /// <summary>What truly happened, by the simulator's own record.</summary>
    public virtual Task<ProviderRecord> RecordAsync(ISimulatorApi simulator, Ledger ledger, CancellationToken cancel) =>
        simulator.GetRecordAsync(SimulatorAccount.ConnectBudget, cancel);

    /// <summary>The ledger against the record, and what the floor found.</summary>
    public virtual Verdict Judge(Ledger ledger, ProviderRecord record, DemoFloor floor) =>
        Verdicts.Judge.Of(ledger, record).With(floor.Findings);
}

/// <summary>How a run dials.</summary>
public static class DemoModes
{
    public const string Notification = "notification";
    public const string Progressive = "progressive";
    public const string Preview = "preview";
    public const string Power = "power";

    internal static Option<string> Option(string usual, string description) =>
        Asked.Word("--mode", usual, description, Notification, Progressive, Preview, Power);
}

/// <summary>In which provider's words the simulator is spoken to.</summary>
public static class DemoDialects
{
    public const string Exotel = "exotel";
    public const string PortaSwitch = "portaswitch";

    internal static Option<string> Option(string description) => Asked.Word("--provider-dialect", Exotel, description, Exotel, PortaSwitch);
}

/// <summary>What a floor needs of a run.</summary>
/// <param name="Campaign">The campaign that the agents work for; not started yet.</param>
/// <param name="Clock">Of the run; agents live by it.</param>
/// <param name="Time">The machine's.</param>
public sealed record DemoStage(IOutdialApi Api, ISimulatorApi Simulator, Guid Campaign, DemoClock Clock, TimeProvider Time)
{
    /// <summary>The run's clock, now.</summary>
    public DateTimeOffset Now => Clock.Now(Time);

    /// <summary>Waits for so long on the run's clock.</summary>
    public Task DelayAsync(TimeSpan duration, CancellationToken cancel) => Task.Delay(duration / Clock.Speed, Time, cancel);
}
