using Outdial.Cli.Api;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Demo;

/// <summary>
/// Agents first: each has one open line, and whenever it is free the provider asks whom to dial next. In preview mode the
/// agent sees the lead and accepts or skips it before anybody's phone rings.
/// </summary>
public sealed class ProgressiveScenario(DemoOptions options) : DemoScenario(options)
{
    private const string Flow = "927";
    // As long as the wrap-up: a line that asks again after it finds its agent ready.
    private const int HoldSeconds = 10;

    public override int? SampleLeads => 300;

    /// <summary>
    /// Whether an agent promises a call-back in person. After a long outage it is anybody's to keep, so a run with outages asks for none.
    /// </summary>
    public bool PromisesCallBacks { get; init; } = true;

    public override Dictionary<string, string> Account(Uri simulator, Uri callbacks) =>
        new(base.Account(simulator, callbacks)) { ["Accounts__default__AgentFlow"] = SimulatorAccount.FlowAddress(Flow) };

    /// <summary>Builds the agents' flow: Connect with popup, Passthru behind it, and the branch that waits and asks again.</summary>
    public override async Task ConnectAsync(IOutdialApi api, ISimulatorApi simulator, CancellationToken cancel)
    {
        var reports = await api.GetFlowAddressesAsync(cancel);
        var asks = await api.GetDialWhomAddressesAsync(cancel);
        await simulator.SetPassthruAsync(reports.Passthru, cancel);
        await simulator.PutFlowAsync(Flow, new
        {
            dialWhomUrl = asks.DialWhom,
            stayUrl = asks.Stay,
            popupUrl = reports.Popup,
            dialedUrl = reports.Dialed,
            holdSeconds = HoldSeconds,
        }, cancel);
    }

    public override object Campaign(string list) => DemoRules.WithAgents(
        $"Demo, {list}, {Options.Mode}", Options.Mode, new
        {
            wrapUp = "00:00:10",
            previewTime = "00:01:00",
            answerForm = "json",
            dispositions = DeskHabits.Dispositions.Select(d => new { d.Code, d.Label, d.AsksCallBack }),
        });

    public override async Task<DemoFloor> OpenFloorAsync(DemoStage stage, CancellationToken cancel) =>
        await AgentFloor.OpenAsync(stage, Options.Agents, Options.Mode, cancel, PromisesCallBacks);

    public override async Task<ProviderRecord> RecordAsync(ISimulatorApi simulator, Ledger ledger, CancellationToken cancel) =>
        LineRecord.Read(await simulator.GetLinesAsync<SimulatorLine>(cancel), ledger, SimulatorAccount.ConnectBudget);
}
