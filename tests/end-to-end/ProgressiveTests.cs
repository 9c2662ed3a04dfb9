using Outdial.Cli.Demo;
using Outdial.Cli.Verdicts;
using Outdial.EndToEnd.Tests.Rigs;

namespace Outdial.EndToEnd.Tests;

/// <summary>
/// Agents on open lines, in both shapes and with faults. The verdict is the simulator's: every lead accounted for, nobody
/// dialed twice, nothing that happened lost; and no agent stuck.
/// </summary>
public class ProgressiveTests
{
    private const int Leads = 40;
    private const int Agents = 6;
    private const double Speed = 15;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Laws_1_2_and_5_agents_in_the_host_dial_every_lead_once_for_each_attempt()
    {
        await using var rig = await Rig.StartAsync(Speed, seed: 3, faults: "some", DemoModes.Progressive, agents: Agents);
        var host = await HostPlatform.StartAsync(rig);
        var trial = await Trial.BeginAsync(rig, host, LeadLists.Sample(Leads));

        var verdict = await trial.JudgeAsync(Deadline);

        trial.AssertOk(verdict, trial.Import.Accepted);
        await AssertAgentsWorkedAsync(host, trial);
    }

    [Fact]
    public async Task Laws_2_and_3_a_router_that_is_killed_in_the_middle_loses_no_lead_dials_none_twice_and_leaves_no_agent_stuck()
    {
        await using var rig = await Rig.StartAsync(Speed, seed: 7, faults: "some", DemoModes.Progressive, agents: Agents);
        var services = await ServicePlatform.StartAsync(rig);
        var trial = await Trial.BeginAsync(rig, services, LeadLists.Sample(Leads));
        await trial.UntilAsync(campaign => campaign.Progress is { Attempts: >= 8 } progress && progress.Open > Leads / 4, Deadline, "leads are being dialed");

        await services.KillAsync("agent-router");
        await services.StartAsync("agent-router");
        var verdict = await trial.JudgeAsync(Deadline);

        trial.AssertOk(verdict, trial.Import.Accepted);
        await AssertAgentsWorkedAsync(services, trial);
    }

    private static async Task AssertAgentsWorkedAsync(Platform platform, Trial trial)
    {
        var report = await platform.Api.GetAgentsAsync(trial.Campaign, CancellationToken.None);
        Assert.NotEmpty(report.Agents);
        Assert.True(report.Totals is { Calls: > 0, Occupancy: > 0 and < 1 }, report.Totals.ToString());
    }
}
