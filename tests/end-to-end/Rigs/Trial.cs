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
    private readonly OutdialApi _api;

    private Trial(Rig rig, OutdialApi api, Guid campaign, ImportResult import, DemoFloor floor) =>
        (_rig, _api, Campaign, Import, Floor) = (rig, api, campaign, import, floor);

    public Guid Campaign { get; }

    public ImportResult Import { get; }

    /// <summary>The agents who work for it; nobody in modes without.</summary>
    public DemoFloor Floor { get; }

    /// <summary>The demo's campaign over these leads, uploaded and started.</summary>
    public static async Task<Trial> BeginAsync(Rig rig, Platform platform, string csv)
    {
        var api = platform.Api;
        await rig.Scenario.ConnectAsync(api, rig.Simulator, CancellationToken.None);
        await api.SyncCallerIdsAsync(CancellationToken.None);
        var campaign = await api.CreateCampaignAsync(rig.Scenario.Campaign("trial"), CancellationToken.None);
        var import = await api.UploadLeadsAsync(campaign, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)), "leads.csv", CancellationToken.None);
        var floor = await rig.Scenario.OpenFloorAsync(new DemoStage(api, rig.Simulator, campaign, rig.Clock, TimeProvider.System), CancellationToken.None);
        await api.StartAsync(campaign, CancellationToken.None);
        return new Trial(rig, api, campaign, import, floor);
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
        var ledger = await LedgerAsync();
        return _rig.Scenario.Judge(ledger, await _rig.Scenario.RecordAsync(_rig.Simulator, ledger, CancellationToken.None), Floor);
    }

    public Task<Ledger> LedgerAsync() => _api.GetLedgerAsync(Campaign, Import.Accepted, CancellationToken.None);

    public Task<ProviderRecord> RecordAsync() => _rig.Simulator.GetRecordAsync(SimulatorAccount.ConnectBudget, CancellationToken.None);

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
    /// <summary>The first leads of the repository's sample.</summary>
    public static string Sample(int count) =>
        string.Join('\n', File.ReadLines(Path.Combine(Workshop.Root, "samples", "leads-1000.csv")).Take(count + 1)) + "\n";

    /// <summary>Mobile numbers that all end in the same four digits, so that the simulator treats them in its fixed way.</summary>
    public static string WithSuffix(string lastFour, int count) =>
        "phone,name\n" + string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"98{20 + i}00{lastFour},Lead {i}\n")));
}
