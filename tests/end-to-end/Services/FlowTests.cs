using Outdial.Cli.Demo;
using Outdial.EndToEnd.Tests.Rigs;

namespace Outdial.EndToEnd.Tests.Services;

/// <summary>The customer first, over the provider's flow: whoever answers waits there until an agent's phone is rung.</summary>
[Collection(SharedServices.Name)]
public class FlowTests(SharedServices shared)
{
    [Fact]
    public async Task Customers_who_answer_in_a_flow_are_accounted_for_and_talk_to_agents()
    {
        var (rig, services) = await shared.RenewAsync(faults: "some");
        var trial = await Trial.BeginAsync(rig, services, LeadLists.Sample(40, skip: 300), rig.ScenarioOf(DemoModes.Power, agents: 8));

        var verdict = await trial.JudgeAsync(TimeSpan.FromMinutes(6));

        trial.AssertOk(verdict, trial.Import.Accepted);
        await trial.AssertAgentsWorkedAsync();
    }
}
