using Outdial.Cli.Demo;
using Outdial.EndToEnd.Tests.Rigs;

namespace Outdial.EndToEnd.Tests.Services;

/// <summary>Agents on open lines, with faults and a service that dies.</summary>
[Collection(SharedServices.Name)]
public class ProgressiveTests(SharedServices shared)
{
    private const int Leads = 40;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Laws_2_and_3_a_router_that_is_killed_in_the_middle_loses_no_lead_dials_none_twice_and_leaves_no_agent_stuck()
    {
        var (rig, services) = await shared.RenewAsync(faults: "some");
        var trial = await Trial.BeginAsync(rig, services, LeadLists.Sample(Leads, skip: 200), rig.ScenarioOf(DemoModes.Progressive, agents: 10));
        await trial.UntilAsync(campaign => campaign.Progress is { Attempts: >= 8 } progress && progress.Open > Leads / 4, Deadline, "leads are being dialed");

        await services.KillAsync("agent-router");
        await services.StartAsync("agent-router");
        var verdict = await trial.JudgeAsync(Deadline);

        trial.AssertOk(verdict, trial.Import.Accepted);
        await trial.AssertAgentsWorkedAsync();
    }
}
