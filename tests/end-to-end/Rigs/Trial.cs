using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Outdial.Testing;
using Xunit.Sdk;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>One campaign, from its upload to its verdict.</summary>
public sealed class Trial
{
    private readonly Rig _rig;
    private readonly IOutdialApi _api;
    private readonly DemoScenario _scenario;

    private Trial(Rig rig, IOutdialApi api, DemoScenario scenario, Guid campaign, ImportResult import, DemoFloor floor) =>
        (_rig, _api, _scenario, Campaign, Import, Floor) = (rig, api, scenario, campaign, import, floor);

    public Guid Campaign { get; }

    public ImportResult Import { get; }

    /// <summary>The agents who work for it; nobody in modes without.</summary>
    public DemoFloor Floor { get; }

    /// <summary>The demo's campaign over these leads, uploaded and started.</summary>
    /// <param name="scenario">What is played; null: the rig's.</param>
    public static async Task<Trial> BeginAsync(Rig rig, Platform platform, string csv, DemoScenario? scenario = null)
    {
        var api = platform.Api;
        scenario ??= rig.Scenario;
        await scenario.ConnectAsync(api, rig.Simulator, CancellationToken.None);
        await scenario.RegisterCallerIdsAsync(api, CancellationToken.None);
        var campaign = await api.CreateCampaignAsync(scenario.Campaign("trial"), CancellationToken.None);
        var import = await api.AddLeadsAsync(campaign, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)), "leads.csv", CancellationToken.None);
        var floor = await scenario.OpenFloorAsync(
            new DemoStage(api, rig.Simulator, campaign, rig.Clock, TimeProvider.System), CancellationToken.None);
        await api.StartAsync(campaign, CancellationToken.None);
        return new Trial(rig, api, scenario, campaign, import, floor);
    }

    /// <summary>Waits until the campaign's progress is as wanted; a platform that is away for the moment is waited for.</summary>
    public Task UntilAsync(Func<CampaignStatus, bool> reached, TimeSpan deadline, string what) => Eventually.Async(async () =>
    {
        try
        {
            return reached(await _api.GetCampaignAsync(Campaign, CancellationToken.None));
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, deadline, $"{what}\n{_rig.Tail()}");

    /// <summary>Waits for the end and judges by the simulator's record.</summary>
    /// <param name="deadline">Real time.</param>
    public async Task<Verdict> JudgeAsync(TimeSpan deadline)
    {
        await UntilAsync(campaign => campaign.IsOver, deadline, "the campaign is over");
        await Floor.CloseAsync(CancellationToken.None);
        await Floor.DisposeAsync();
        return await JudgeNowAsync();
    }

    /// <summary>Judges what has happened so far.</summary>
    public async Task<Verdict> JudgeNowAsync()
    {
        var ledger = await LedgerAsync();
        return _scenario.Judge(ledger, await _scenario.RecordAsync(_rig.Simulator, ledger, CancellationToken.None), Floor);
    }

    public Task<Ledger> LedgerAsync() => _api.GetLedgerAsync(Campaign, Import.Accepted, CancellationToken.None);

    public Task<ProviderRecord> RecordAsync() => _rig.Simulator.GetRecordAsync(SimulatorAccount.ConnectBudget, CancellationToken.None);

    /// <summary>Fails the test unless the report's figures come to those of the ledger and of the campaign's progress.</summary>
    public Task AssertReportAgreesAsync() => Eventually.Async(async () =>
    {
        var (ledger, campaign) = (await LedgerAsync(), await _api.GetCampaignAsync(Campaign, CancellationToken.None));
        var report = await _api.GetReportAsync(Campaign, CancellationToken.None);
        return (report.Totals.Attempts, report.Totals.Open) == (ledger.Calls.Count, 0) && campaign.Progress!.Attempts == ledger.Calls.Count
            && report.Totals.Completed == ledger.Calls.Count(call => call is { Dialed: true, Outcome: "Completed" })
            && report.Outcomes.Sum(outcome => outcome.Attempts) == ledger.Calls.Count;
    }, TimeSpan.FromMinutes(1), $"report, ledger and progress agree\n{_rig.Tail()}");

    /// <summary>Fails the test unless the agents' report tells of agents who talked and of time that they did not.</summary>
    public async Task AssertAgentsWorkedAsync()
    {
        var report = await _api.GetAgentsAsync(Campaign, CancellationToken.None);
        Assert.NotEmpty(report.Agents);
        Assert.True(report.Totals is { Calls: > 0, Occupancy: > 0 and < 1 }, report.Totals.ToString());
    }

    /// <summary>Fails the test with all findings and the last lines of the logs unless the verdict is ok.</summary>
    public void AssertOk(Verdict verdict, long leads)
    {
        if (!verdict.Ok || verdict.Leads != leads)
            throw new XunitException(string.Create(CultureInfo.InvariantCulture, $"{verdict.Line()} (expected {leads} leads)\n{string.Join('\n', verdict.Findings.Take(20))}\n{_rig.Tail()}"));
    }
}

/// <summary>Lists of leads.</summary>
public static class LeadLists
{
    /// <summary>Leads of the repository's sample.</summary>
    /// <param name="count">How many.</param>
    /// <param name="skip">How many before them are left to others.</param>
    public static string Sample(int count, int skip = 0)
    {
        var lines = File.ReadLines(Path.Combine(Workshop.Root, "samples", "leads-1000.csv"));
        return string.Join('\n', lines.Take(1).Concat(lines.Skip(1 + skip).Take(count))) + "\n";
    }

    /// <summary>Mobile numbers that all end in the same four digits, so that the simulator treats them in its fixed way.</summary>
    public static string WithSuffix(string lastFour, int count) =>
        "phone,name\n" + string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"98{20 + i}00{lastFour},Lead {i}\n")));
}
