using Outdial.Cli.Api;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Demo;

/// <summary>
/// The customer first, over a flow: whoever answers waits in a Connect applet that asks Outdial for a free agent, again and again
/// until there is one. The agents' own phones are rung.
/// </summary>
public sealed class CustomersFlowScenario(DemoOptions options) : DemoScenario(options)
{
    // The account's own flow.
    private const string Flow = "926";

    public override int? SampleLeads => 300;

    public override async Task ConnectAsync(IOutdialApi api, ISimulatorApi simulator, CancellationToken cancel)
    {
        var reports = await api.GetFlowAddressesAsync(cancel);
        await simulator.PutFlowAsync(Flow, new
        {
            dialWhomUrl = (await api.GetDialWhomAddressesAsync(cancel)).DialWhom,
            passthruUrl = reports.Passthru,
            popupUrl = reports.Popup,
            dialedUrl = reports.Dialed,
            holdSeconds = 2,
            noAgentPatience = 40,
        }, cancel);
    }

    public override object Campaign(string list) => DemoRules.WithAgents(
        $"Demo, {list}, power", DemoModes.Power, new
        {
            ratio = 1.5,
            // The agent's phone has to be rung and picked up, and what an accelerated run calls a second is some milliseconds.
            connectWithin = "00:00:30",
            dropLimit = 0.1,
            wrapUp = "00:00:10",
            dispositions = DeskHabits.Dispositions.Select(d => new { d.Code, d.Label, d.AsksCallBack }),
        });

    public override async Task<DemoFloor> OpenFloorAsync(DemoStage stage, CancellationToken cancel) =>
        await AgentFloor.OpenAsync(stage, Options.Agents, Options.Mode, cancel);
}
