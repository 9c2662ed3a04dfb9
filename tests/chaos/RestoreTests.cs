using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Outdial.Cli.Api;
using Outdial.Cli.Chaos;
using Outdial.Cli.Cluster;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Outdial.Testing;
using Xunit.Abstractions;

namespace Outdial.Chaos.Tests;

/// <summary>The databases are dumped in the middle of a campaign, lost some calls later, and restored.</summary>
public sealed class RestoreTests(ITestOutputHelper output) : IDisposable
{
    private const int Leads = 130;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly string _folder = TemporaryFolder.Make("restore");

    [Fact]
    public async Task After_a_restoration_nobody_was_dialed_twice_and_every_call_is_in_the_ledger()
    {
        var clock = DemoClock.Accelerated(ChaosOptions.DefaultSpeed, TimeProvider.System);
        var scenario = new OnceScenario(new DemoOptions { Seed = 11, Faults = "some", Speed = ChaosOptions.DefaultSpeed });
        await using var cluster = await LocalCluster.StartAsync(
            new ClusterPlan(_folder, clock, scenario) { Fsync = false, MigrateFirst = false }, output.WriteLine, default);
        await scenario.RegisterCallerIdsAsync(cluster.Api, default);
        var campaign = await cluster.Api.CreateCampaignAsync(scenario.Campaign("restore"), default);
        var accepted = (await cluster.Api.AddLeadsAsync(
            campaign, new MemoryStream(Encoding.UTF8.GetBytes(ChaosLeads.Csv(11, 0, Leads))), "leads.csv", default)).Accepted;
        await cluster.Api.StartAsync(campaign, default);

        await PlacedAsync(cluster, 20);
        var dumpedAt = clock.Now(TimeProvider.System);
        await ScriptAsync(cluster, "backup.sh");
        var atDump = (await cluster.Simulator.GetSummaryAsync(default)).Calls.Placed;
        await PlacedAsync(cluster, atDump + 12);
        await Task.WhenAll(cluster.Nodes.Select(node => node.KillAsync()));
        var atLoss = (await cluster.Simulator.GetSummaryAsync(default)).Calls.Placed;

        await DropAsync(cluster);
        await ScriptAsync(cluster, "restore.sh");
        foreach (var node in cluster.Nodes)
            await node.MigrateAsync(default);
        await NotServedAsync(cluster.Of(ServiceKind.Pacer).Single());
        foreach (var node in cluster.Nodes.Where(node => node.Kind == ServiceKind.Pacer || node.Kind == ServiceKind.AgentRouter))
            await node.RunAsync(["restored", dumpedAt.ToString("O", CultureInfo.InvariantCulture)], default);
        foreach (var node in cluster.Nodes)
            node.Start();
        await LocalCluster.ReadyAsync(cluster.Nodes, default);
        await HurryAsync(cluster, campaign);
        await Eventually.Async(async () => (await cluster.Api.GetCampaignAsync(campaign, default)).IsOver, s_patience, "the campaign is over");

        var lines = await cluster.Simulator.GetLinesAsync<SimulatorLine>(default);
        output.WriteLine($"{atDump} calls at the dump, {atLoss} at the loss, {lines.Count(line => line.Call is not null)} in all");
        Assert.All(lines.Where(line => line.Call is not null).GroupBy(line => line.CustomField), attempt => Assert.Single(attempt));
        // One call each is what the campaign allows: a second one to anybody is one too many.
        Assert.All(lines.Where(line => line.Call is not null).GroupBy(line => line.Call!.Number), person => Assert.Single(person));
        var ledger = await cluster.Api.GetLedgerAsync(campaign, accepted, default);
        var verdict = Judge.Of(ledger, ByCall(LineRecord.Read(lines, ledger, SimulatorAccount.ConnectBudget), ledger));
        Assert.True(verdict.Ok, string.Join('\n', verdict.Findings.Select(finding => $"{finding.Kind} {finding.Id} {finding.Text}").Prepend(verdict.Line())));
        Assert.True(atLoss - atDump >= 12 && lines.Count > atLoss, "calls were placed before the dump, after it and after the restoration");
    }

    /// <summary>A call that the restored ledger found at the provider stands under another attempt than the one that ordered it.</summary>
    private static ProviderRecord ByCall(ProviderRecord record, Ledger ledger)
    {
        var attempts = ledger.Calls.Where(call => call.ProviderCallId is not null).ToDictionary(call => call.ProviderCallId!, call => call.AttemptId);
        return record with
        {
            Calls = [.. record.Calls.Select(call =>
            call with { AttemptId = attempts.TryGetValue(call.CallId, out var id) ? id : null })]
        };
    }

    /// <summary>From here on nothing of the campaign has to be left for later.</summary>
    private static async Task HurryAsync(LocalCluster cluster, Guid campaign)
    {
        using var http = new HttpClient { BaseAddress = cluster.Gateway };
        http.DefaultRequestHeaders.Add("X-Api-Key", (await File.ReadAllTextAsync(cluster.ApiKeyFile)).Trim());
        var lift = new StringContent("""{"callsPerMinute":null}""", Encoding.UTF8, "application/merge-patch+json");
        (await http.PatchAsync($"/api/v1/campaigns/{campaign}", lift)).EnsureSuccessStatusCode();
    }

    private static Task PlacedAsync(LocalCluster cluster, int calls) => Eventually.Async(
        async () => (await cluster.Simulator.GetSummaryAsync(default)).Calls.Placed >= calls, s_patience, $"{calls} calls are placed");

    private async Task ScriptAsync(LocalCluster cluster, string script)
    {
        var server = new NpgsqlConnectionStringBuilder(cluster.Postgres.ConnectionString);
        var start = new ProcessStartInfo("bash", [Path.Combine(Workshop.Root, "deploy", "backup", script), Path.Combine(_folder, "dump")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = server.Host,
                ["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = server.Username,
                ["PGPASSWORD"] = server.Password,
            },
        };
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        output.WriteLine(string.Concat(said));
        Assert.True(process.ExitCode == 0, string.Concat(said));
    }

    private static async Task DropAsync(LocalCluster cluster)
    {
        await using var source = NpgsqlDataSource.Create(cluster.Postgres.ConnectionString);
        foreach (var kind in ServiceKind.All)
        {
            await using var drop = source.CreateCommand($"drop database {kind.Database} with (force)");
            await drop.ExecuteNonQueryAsync();
        }
    }

    /// <summary>A pacer that was forgotten to be told of the restoration says what is missing, and calls nobody.</summary>
    private static async Task NotServedAsync(ClusterNode pacer)
    {
        pacer.Start();
        await Eventually.Async(() => Task.FromResult(pacer.LastWords(30).Contains("run the verb restored", StringComparison.Ordinal)), s_patience, "the pacer says what it waits for");
        Assert.False((await pacer.IsReadyAsync(default)).Ready);
        await pacer.StopAsync();
    }

    public void Dispose() => TemporaryFolder.Remove(_folder);

    /// <summary>
    /// The demo's notification campaign, in which nobody is to be called more than once. It is slow at first: the dump takes as long as the machine
    /// likes, and the campaign must not be at its end by then.
    /// </summary>
    private sealed class OnceScenario(DemoOptions options) : DemoScenario(options)
    {
        public override object Campaign(string list) => new
        {
            name = $"Once, {list}",
            purpose = "service",
            account = "default",
            timeZone = "Asia/Kolkata",
            maxAttempts = 1,
            callsPerMinute = 5,
            dndUnknown = "dial",
            ringTimeout = "00:00:30",
        };
    }
}
