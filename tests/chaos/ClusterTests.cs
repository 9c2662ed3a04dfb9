using System.Text;
using Outdial.Cli.Api;
using Outdial.Cli.Chaos;
using Outdial.Cli.Cluster;
using Outdial.Cli.Demo;
using Outdial.Cli.Verdicts;
using Outdial.Testing;
using Xunit.Abstractions;

namespace Outdial.Chaos.Tests;

/// <summary>What <c>./outdial up</c> starts, with a user on the broker for each service.</summary>
public sealed class ClusterTests(ITestOutputHelper output) : IDisposable
{
    private const int Leads = 40;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private readonly string _folder = TemporaryFolder.Make("cluster");

    [Fact]
    public async Task A_campaign_goes_to_its_end_under_the_services_own_users_and_leaves_nothing_on_the_disk_that_others_can_read()
    {
        var clock = DemoClock.Accelerated(ChaosOptions.DefaultSpeed, TimeProvider.System);
        var scenario = DemoScenario.Of(new DemoOptions { Seed = 5, Faults = "some", Speed = ChaosOptions.DefaultSpeed, Mode = DemoModes.Notification });
        await using var cluster = await LocalCluster.StartAsync(
            new ClusterPlan(_folder, clock, scenario) { Fsync = false }, output.WriteLine, default);
        await scenario.RegisterCallerIdsAsync(cluster.Api, default);
        var campaign = await cluster.Api.CreateCampaignAsync(scenario.Campaign("own users"), default);
        var accepted =
            (await cluster.Api.AddLeadsAsync(campaign, new MemoryStream(Encoding.UTF8.GetBytes(ChaosLeads.Csv(5, 0, Leads))), "leads.csv", default)).Accepted;
        await cluster.Api.StartAsync(campaign, default);
        await PlacedAsync(cluster, 10);

        // While the broker is away, webhooks wait on the disk.
        await cluster.Rabbit.StopNodeAsync();
        await Eventually.Async(() => Directory.GetFiles(_folder, "*.spool", SearchOption.AllDirectories).Length > 0, s_patience, "a webhook waits in the spool");
        OpenToOthers.AssertNothingIn(_folder);
        await cluster.Rabbit.StartNodeAsync();
        await Eventually.Async(async () => (await cluster.Api.GetCampaignAsync(campaign, default)).IsOver, s_patience, "the campaign is over");

        var ledger = await cluster.Api.GetLedgerAsync(campaign, accepted, default);
        Assert.Equal(accepted, ledger.Leads.Count);
        OpenToOthers.AssertNothingIn(_folder);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "broker-passwords")));
    }

    private static Task PlacedAsync(LocalCluster cluster, int calls) => Eventually.Async(
        async () => (await cluster.Simulator.GetSummaryAsync(default)).Calls.Placed >= calls, s_patience, $"{calls} calls are placed");

    public void Dispose() => TemporaryFolder.Remove(_folder);
}
