using Outdial.Cli.Demo;
using Outdial.Cli.Verdicts;
using Outdial.EndToEnd.Tests.Rigs;

namespace Outdial.EndToEnd.Tests.Host;

/// <summary>
/// Agents on open lines, with faults. The verdict is the simulator's: every lead accounted for, nobody
/// dialed twice, nothing that happened lost; and no agent stuck.
/// </summary>
public class ProgressiveTests
{
    private const int Leads = 40;
    private const int Agents = 10;
    private const double Speed = 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Laws_1_2_and_5_agents_in_the_host_dial_every_lead_once_for_each_attempt()
    {
        await using var rig = await Rig.StartAsync(Speed, seed: 3, faults: "some", DemoModes.Progressive, agents: Agents);
        var host = await HostPlatform.StartAsync(rig);
        var trial = await Trial.BeginAsync(rig, host, LeadLists.Sample(Leads));

        var verdict = await trial.JudgeAsync(Deadline);

        trial.AssertOk(verdict, trial.Import.Accepted);
        await trial.AssertAgentsWorkedAsync();
    }
}
