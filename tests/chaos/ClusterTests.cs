using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Outdial.Cli.Api;
using Outdial.Cli.Chaos;
using Outdial.Cli.Cluster;
using Outdial.Cli.Demo;
using Outdial.Cli.Verdicts;
using Outdial.Testing;
using Xunit.Abstractions;

namespace Outdial.Chaos.Tests;

/// <summary>What <c>./outdial up</c> starts, with a user on the broker for each service.</summary>
public sealed partial class ClusterTests(ITestOutputHelper output) : IDisposable
{
    private const int Leads = 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private readonly string _folder = TemporaryFolder.Make("cluster");

    [Fact]
    public async Task A_campaign_goes_to_its_end_under_the_services_own_users_while_replicas_come_and_go_and_no_request_is_lost()
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
        var load = Load(cluster, campaign);

        // One more of each service, which gets its share.
        var first = ServiceKind.Services.Select(kind => cluster.Of(kind).Single()).ToList();
        var second = await cluster.AddAsync(ServiceKind.Services, default);
        foreach (var node in second)
            await Eventually.Async(() => HasAnsweredAsync(node), s_patience, $"{node.Name} has answered what came by the gateway");

        // While the broker is away, webhooks wait on the disk.
        var spool = cluster.SpoolOf(first.Single(node => node.Kind == ServiceKind.Ingress));
        await cluster.Rabbit.StopNodeAsync();
        await Eventually.Async(() => Directory.GetFiles(spool, "*.spool").Length > 0, s_patience, "a webhook waits in the spool");
        OpenToOthers.AssertNothingIn(_folder);
        await cluster.Rabbit.StartNodeAsync();

        // At once the first of each service goes for good.
        await cluster.RemoveAsync(first);
        Assert.Empty(Directory.GetFiles(spool, "*.spool"));
        var placed = await PlacedAsync(cluster);
        await using var gone = Bystander.Listen(first.Select(node => node.Address));

        await Eventually.Async(async () => (await cluster.Api.GetCampaignAsync(campaign, default)).IsOver, s_patience, "the campaign is over");
        await load.EndAsync();

        var ledger = await cluster.Api.GetLedgerAsync(campaign, accepted, default);
        Assert.Equal(accepted, ledger.Leads.Count);
        OpenToOthers.AssertNothingIn(_folder);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "broker-passwords")));
        var record = LineRecord.Read(await cluster.Simulator.GetLinesAsync<SimulatorLine>(default), ledger, SimulatorAccount.ConnectBudget);
        var verdict = Judge.Of(ledger, record);
        Assert.True(
            verdict.Ok, string.Join('\n', verdict.Findings.Select(finding => $"{finding.Kind} {finding.Id} {finding.Text}").Prepend(verdict.Line())));
        output.WriteLine($"answered: {load.Answered}");
        Assert.Empty(load.Lost);
        Assert.True((await cluster.Simulator.GetSummaryAsync(default)).Callbacks is { FailedTries: 0, GivenUp: 0, Delivered: > Leads });
        Assert.True(await PlacedAsync(cluster) > placed, "the campaign went on after that");
        Assert.Equal(0, gone.Asked);
    }

    /// <summary>Reads of each service, and writes, one after the other.</summary>
    private static SteadyLoad Load(LocalCluster cluster, Guid campaign)
    {
        var client = new HttpClient { BaseAddress = cluster.Gateway };
        client.DefaultRequestHeaders.Add("X-Api-Key", File.ReadAllText(cluster.ApiKeyFile).Trim());
        string[] read = [$"campaigns/{campaign}", $"campaigns/{campaign}/report", "agents", "webhooks?limit=1", "numbers/+919825012345"];
        var number = 0;
        return SteadyLoad.Begin(client, [
            .. read.Select(path => (Func<HttpRequestMessage>)(() => new(HttpMethod.Get, $"api/v1/{path}"))),
            () => new(HttpMethod.Post, "api/v1/suppressions")
            {
                Content = JsonContent.Create(new { number = $"+9198250{number++:00000}", reason = "asked by mail" }),
            },
        ]);
    }

    private static async Task<bool> HasAnsweredAsync(ClusterNode node)
    {
        using var client = new HttpClient { BaseAddress = node.Address };
        using var answer = await client.GetAsync("metrics");   // 429: asked too often for a moment
        return answer.IsSuccessStatusCode && Answered().IsMatch(await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("""^http_server_request_duration_seconds_count\{[^}]*http_route="/(api/v1|webhooks)/""", RegexOptions.Multiline)]
    private static partial Regex Answered();

    private static Task PlacedAsync(LocalCluster cluster, int calls) =>
        Eventually.Async(async () => await PlacedAsync(cluster) >= calls, s_patience, $"{calls} calls are placed");

    private static async Task<int> PlacedAsync(LocalCluster cluster) => (await cluster.Simulator.GetSummaryAsync(default)).Calls.Placed;

    public void Dispose() => TemporaryFolder.Remove(_folder);
}
