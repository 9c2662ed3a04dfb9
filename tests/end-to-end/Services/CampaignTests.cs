using Outdial.Cli.Demo;
using Outdial.EndToEnd.Tests.Rigs;

namespace Outdial.EndToEnd.Tests.Services;

/// <summary>The demo's campaign, small and with faults.</summary>
[Collection(SharedServices.Name)]
public class CampaignTests(SharedServices shared)
{
    /// <summary>A machine that no callback tells of: the details do, minutes after the end.</summary>
    private const string Machine = "+919825006613";

    [Fact]
    public async Task A_campaign_is_accounted_for_with_every_service_in_a_process_of_its_own_on_RabbitMQ()
    {
        var (rig, services) = await shared.RenewAsync(faults: "some");
        var trial = await Trial.BeginAsync(rig, services, LeadLists.Sample(50) + $"{Machine},A machine,0,hi,0\n", rig.ScenarioOf(DemoModes.Notification));

        var verdict = await trial.JudgeAsync(TimeSpan.FromMinutes(6));

        trial.AssertOk(verdict, trial.Import.Accepted);
        await trial.AssertReportAgreesAsync();
        Assert.Equal("MachineAnswered", (await trial.LedgerAsync()).Calls.Where(call => call.Number == Machine).OrderBy(call => call.StartedAt).First().Outcome);
        Assert.Equal(2, (await trial.LedgerAsync()).Calls.Count(call => call.Number == Machine));
    }
}
