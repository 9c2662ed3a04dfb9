using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Demo;

/// <summary>
/// The customer first, over PortaSwitch: its queue connects who answers with an agent. In the middle of the run most agents leave
/// without telling Outdial, the queue grows, the campaign pauses by itself and goes on when they are back.
/// </summary>
public sealed class PowerScenario(DemoOptions options) : DemoScenario(options)
{
    private const int WrapUpSeconds = 5;

    public override int? SampleLeads => 500;

    public override Dictionary<string, string> Simulator(Uri address) => PortaSwitchAccount.Server(address, Options.Seed, Options.Faults);

    public override Dictionary<string, string> Account(Uri simulator, Uri callbacks) => new(PortaSwitchAccount.Of(simulator, callbacks))
    {
        // Silence of a few real seconds is a busy machine, not an empty floor: see SimulatorAccount.Patience.
        ["Pacer__AgentSilence"] = TimeSpan.FromSeconds(Math.Max(60, 15 * Options.Speed)).ToString("c", CultureInfo.InvariantCulture),
    };

    /// <summary>There is nothing to set up: each request says where its events go.</summary>
    public override Task ConnectAsync(IOutdialApi api, ISimulatorApi simulator, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>The provider lists no numbers: people see the auto attendant's.</summary>
    public override async Task<int> RegisterCallerIdsAsync(IOutdialApi api, CancellationToken cancel)
    {
        await api.PutCallerIdAsync(new CallerId("+" + PortaSwitchAccount.AutoAttendantId, "default", null, true, ["service"]), cancel);
        return 1;
    }

    public override object Campaign(string list) => DemoRules.WithAgents(
        $"Power demo, {list}", DemoModes.Power, new
        {
            ratio = 2.0,
            // The auto attendant's greeting is part of the wait. With the 3 % of the law the drop guard would see to it that no queue
            // ever grows: what is shown here is the brake behind it.
            connectWithin = "00:00:30",
            dropLimit = 1.0,
            queueHigh = 4,
            queueLow = 1,
            queueDwell = "00:00:05",
            wrapUp = TimeSpan.FromSeconds(WrapUpSeconds).ToString("c", CultureInfo.InvariantCulture),
            dispositions = new object[] { new { code = "sold", label = "Sold" }, new { code = "not-interested", label = "Not interested" } },
        }, ringTimeout: "00:00:30");

    public override async Task<DemoFloor> OpenFloorAsync(DemoStage stage, CancellationToken cancel) =>
        await PowerFloor.OpenAsync(stage, Options.Agents, WrapUpSeconds, cancel);

    public override async Task<ProviderRecord> RecordAsync(ISimulatorApi simulator, Ledger ledger, CancellationToken cancel) =>
        PortaRecord.Read(await simulator.GetLinesAsync<PortaLine>(cancel), SimulatorAccount.ConnectBudget);
}
