using System.Globalization;
using System.Text;
using Outdial.Cli.Api;
using Outdial.Cli.Cluster;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Outdial.Cli.Views;

namespace Outdial.Cli.Chaos;

/// <summary>
/// A distributed platform under load while things die: starts it, keeps campaigns running, plays the script, lets everything come to rest,
/// and judges by the ledger, by the simulator's record, and by the platform's own monitors.
/// </summary>
/// <param name="options">How long and how hard.</param>
/// <param name="tell">Hears of each act and of the progress, a line each.</param>
/// <param name="time">The machine's clock.</param>
public sealed class ChaosRun(ChaosOptions options, Action<string> tell, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MonitorsDeadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestDeadline = TimeSpan.FromMinutes(8);

    private readonly List<(Guid Campaign, long Accepted)> _campaigns = [];
    private readonly long _started = time.GetTimestamp();
    private long _lastLine;
    private int _leads;

    /// <exception cref="CommandFailure">The platform did not come up, or did not come to rest.</exception>
    public async Task<ChaosResult> RunAsync(CancellationToken cancel)
    {
        var demo = new DemoOptions { Seed = options.Seed, Faults = "some", Speed = options.Speed, Mode = DemoModes.Progressive, Agents = options.Agents };
        var agentsFirst = new ProgressiveScenario(demo) { PromisesCallBacks = false };
        var clock = DemoClock.Accelerated(options.Speed, time);
        await using var cluster = await LocalCluster.StartAsync(new ClusterPlan(options.Folder, clock, agentsFirst)
        {
            Replicas = options.Replicas,
            Relays = true,
            MigrateFirst = false,
            // What is killed here is a process, not the machine: the page cache survives.
            Fsync = false,
        }, Tell, cancel);
        var acts = new ChaosActs(cluster, time);
        await agentsFirst.RegisterCallerIdsAsync(cluster.Api, cancel);

        await using var floor = options.Agents > 0 ? await OpenFloorAsync(cluster, agentsFirst, clock, cancel) : new DemoFloor();
        await BeginAsync(cluster, new NotificationScenario(demo).Campaign("chaos"), options.Leads, start: true, cancel);

        await PlayAsync(cluster, acts, demo, cancel);
        Tell("calm: everything runs again; waiting for the campaigns to end");
        await acts.CalmAsync(cancel);
        await RestAsync(cluster, cancel);
        await floor.CloseAsync(cancel);
        return await JudgeAsync(cluster, acts, floor, cancel);
    }

    /// <summary>A campaign over agents' lines, with enough leads for the whole run.</summary>
    private async Task<DemoFloor> OpenFloorAsync(LocalCluster cluster, ProgressiveScenario scenario, DemoClock clock, CancellationToken cancel)
    {
        var leads = options.Agents * (4 + (int)(5 * (options.Length ?? TimeSpan.FromMinutes(0.5)).TotalMinutes));
        var campaign = await BeginAsync(cluster, scenario.Campaign("chaos"), leads, start: false, cancel);
        var floor = await scenario.OpenFloorAsync(new DemoStage(cluster.Api, cluster.Simulator, campaign, clock, time), cancel);
        await cluster.Api.StartAsync(campaign, cancel);
        return floor;
    }

    private async Task PlayAsync(LocalCluster cluster, ChaosActs acts, DemoOptions demo, CancellationToken cancel)
    {
        var script = options.Length is null ? ChaosScript.Short(options.Seed) : ChaosScript.Of(options.Seed);
        var begun = time.GetTimestamp();
        foreach (var act in script)
        {
            if (options.Length is { } length && time.GetElapsedTime(begun) > length)
                return;
            Tell(await acts.DoAsync(act, cancel));
            await Task.Delay(act.Pause, time, cancel);
            await LineAsync(cluster, cancel);
            if (options.Length is not null && await IsNearlyDoneAsync(cluster, cancel))
            {
                await LocalCluster.ReadyAsync(cluster.Nodes, cancel);
                await BeginAsync(cluster, new NotificationScenario(demo).Campaign("chaos"), options.Leads, start: true, cancel);
            }
        }
    }

    private async Task<Guid> BeginAsync(LocalCluster cluster, object campaign, int leads, bool start, CancellationToken cancel)
    {
        var id = await cluster.Api.CreateCampaignAsync(campaign, cancel);
        var csv = new MemoryStream(Encoding.UTF8.GetBytes(ChaosLeads.Csv(options.Seed, _leads, leads)));
        _leads += leads;
        var import = await cluster.Api.AddLeadsAsync(id, csv, "chaos.csv", cancel);
        _campaigns.Add((id, import.Accepted));
        if (start)
            await cluster.Api.StartAsync(id, cancel);
        return id;
    }

    private async Task<bool> IsNearlyDoneAsync(LocalCluster cluster, CancellationToken cancel) =>
        await TryGetAsync(cluster, _campaigns[^1].Campaign, cancel) is { Progress: { } progress } && progress.Open * 4 < progress.Imported;

    /// <summary>Waits until every campaign has ended, and analytics and router have heard of it.</summary>
    private async Task RestAsync(LocalCluster cluster, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        foreach (var (campaign, _) in _campaigns)
        {
            while (await TryGetAsync(cluster, campaign, cancel) is not { IsOver: true })
            {
                if (time.GetElapsedTime(begun) > RestDeadline)
                {
                    var status = await TryGetAsync(cluster, campaign, cancel);
                    // Judged as it is: leads in no final state are findings, with their ids.
                    Tell($"campaign {campaign} has not ended {RestDeadline.TotalMinutes:0} min after the last act: {status?.State}, {Words.Count(status?.Progress?.Open ?? 0, "lead")} open. {status?.LastDecision?.Reason}");
                    break;
                }
                await Task.Delay(BetweenLooks, time, cancel);
                await LineAsync(cluster, cancel);
            }
        }
    }

    private async Task<ChaosResult> JudgeAsync(LocalCluster cluster, ChaosActs acts, DemoFloor floor, CancellationToken cancel)
    {
        var ledgers = new List<Ledger>();
        foreach (var (campaign, accepted) in _campaigns)
            ledgers.Add(await cluster.Api.GetLedgerAsync(campaign, accepted, cancel));
        var ledger = new Ledger(ledgers.Sum(l => l.Imported), [.. ledgers.SelectMany(l => l.Leads)], [.. ledgers.SelectMany(l => l.Calls)]);
        var record = LineRecord.Read(await cluster.Simulator.GetLinesAsync<SimulatorLine>(cancel), ledger, SimulatorAccount.ConnectBudget);
        var witness = await cluster.Simulator.GetSummaryAsync(cancel);
        var findings = new List<Finding>(floor.Findings);
        if (witness.Calls.PeakConcurrent > SimulatorAccount.ConcurrentCalls)
        {
            findings.Add(new(FindingKinds.Budget, $"{witness.Calls.PeakConcurrent}/{SimulatorAccount.ConcurrentCalls}",
                $"{Words.Count(witness.Calls.PeakConcurrent, "call")} at one moment; the account allows {SimulatorAccount.ConcurrentCalls}"));
        }
        findings.AddRange(await MonitorsAsync(cluster, cancel));
        var verdict = Judge.Of(ledger, record).With(findings);
        return new ChaosResult(verdict, acts.Done, acts.DeepestSpool, witness, ledger.Calls.Count, await ChaosTraces.ReadAsync(
            cluster, cancel), time.GetElapsedTime(_started));
    }

    /// <summary>The third witness: what the platform's own monitors still see when everything has come to rest.</summary>
    private async Task<IEnumerable<Finding>> MonitorsAsync(LocalCluster cluster, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        InvariantsReport report;
        // What is on its way when the last campaign ends is given the time to arrive.
        while (!(report = await cluster.Api.GetInvariantsAsync(cancel)).Ok && time.GetElapsedTime(begun) < MonitorsDeadline)
            await Task.Delay(BetweenLooks, time, cancel);
        return report.Invariants.Where(invariant => invariant.Violations > 0)
            .Select(invariant => new Finding(FindingKinds.Invariant, invariant.Examples.FirstOrDefault() ?? invariant.Name,
                $"{invariant.Service}, {invariant.Name}: {invariant.Description} ({Words.Count(invariant.Violations, "time")})"))
            .Concat(report.Unanswered.Select(service => new Finding(FindingKinds.Invariant, service, "did not answer for its invariants")));
    }

    private async Task LineAsync(LocalCluster cluster, CancellationToken cancel)
    {
        if (_lastLine != 0 && time.GetElapsedTime(_lastLine) < BetweenLines)
            return;
        _lastLine = time.GetTimestamp();
        var words = new List<string>();
        foreach (var (campaign, _) in _campaigns)
        {
            if (await TryGetAsync(cluster, campaign, cancel) is { Progress: { } progress } status)
                words.Add(string.Create(CultureInfo.InvariantCulture, $"{progress.Imported - progress.Open}/{progress.Imported} {status.State.ToLowerInvariant()}"));
        }
        Tell("  leads done: " + (words.Count == 0 ? "nobody answers just now" : string.Join(" · ", words)));
    }

    private static async Task<CampaignStatus?> TryGetAsync(LocalCluster cluster, Guid campaign, CancellationToken cancel)
    {
        try
        {
            return await cluster.Api.GetCampaignAsync(campaign, cancel);
        }
        catch (Exception away) when (away is HttpRequestException or CommandFailure
            || (away is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    private void Tell(string line) => tell(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(_started):mm\\:ss} {line}"));
}
