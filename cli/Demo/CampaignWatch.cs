using System.Globalization;
using System.Runtime.CompilerServices;
using Outdial.Cli.Api;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Outdial.Cli.Views;

namespace Outdial.Cli.Demo;

/// <summary>Follows a campaign from its start to the moment when everything about it is settled.</summary>
public sealed class CampaignWatch(IOutdialApi api, DemoServers servers, Guid campaign, DemoFloor floor, DemoOptions options, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SettleDeadline = TimeSpan.FromSeconds(30);

    // A run of the sample takes about a minute; real phones may have to wait for tomorrow's calling hours.
    private readonly TimeSpan _deadline = options.Simulated ? TimeSpan.FromHours(5) / options.Speed : TimeSpan.FromDays(2);

    /// <exception cref="CommandFailure">A process died, or the campaign did not end in time.</exception>
    public async IAsyncEnumerable<ProgressSnapshot> UntilOverAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var nights = TimeSpan.Zero;
        while (true)
        {
            var looked = time.GetTimestamp();
            servers.ThrowIfOneEnded();
            var status = await api.GetCampaignAsync(campaign, cancel);
            var report = await api.GetReportAsync(campaign, cancel);
            var now = servers.Clock.Now(time);
            yield return new ProgressSnapshot(
                now, servers.Clock.Speed, time.GetElapsedTime(started), status, report, CallBudget(), await FaultsAsync(cancel))
            {
                Floor = await floor.LookAsync(cancel),
                Waits = await WaitsAsync(status, cancel),
            };

            if (status.IsOver)
                yield break;
            if (time.GetElapsedTime(started) - nights > _deadline)
                throw new CommandFailure($"The campaign did not end within {_deadline.TotalMinutes:0} min: {status.State}, {Words.Count(status.Progress?.Open ?? 0, "lead")} open. {status.LastDecision?.Reason}");
            await Task.Delay(BetweenLooks, time, cancel);
            // People's own hours are nobody's delay.
            if (status.PauseReason == "OutsideWindow")
                nights += time.GetElapsedTime(looked);
        }
    }

    /// <summary>Asked for only where nothing goes on: then the leads that wait are what there is to tell.</summary>
    private async Task<string?> WaitsAsync(CampaignStatus status, CancellationToken cancel)
    {
        if (status is not { State: "Running", Progress: { OpenAttempts: 0 } progress })
            return null;
        if (progress.Open == 0)
            return "waiting for the records of its last calls";
        return progress.ByState.GetValueOrDefault("Waiting") > 0 ? WaitingLeads.Sentence(await api.GetWaitingAsync(campaign, cancel)) : null;
    }

    /// <summary>
    /// The ledger, and the report once it has counted the ledger's last attempt: services tell each other by messages, so
    /// the report comes a moment later. When it does not come, it is shown as it is.
    /// </summary>
    public async Task<(Ledger Ledger, CampaignReport Report)> SettleAsync(long imported, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var ledger = await api.GetLedgerAsync(campaign, imported, cancel);
        while (true)
        {
            var report = await api.GetReportAsync(campaign, cancel);
            if ((report.Totals.Open == 0 && report.Totals.Attempts >= ledger.Calls.Count) || time.GetElapsedTime(started) > SettleDeadline)
                return (ledger, report);
            await Task.Delay(BetweenLooks, time, cancel);
        }
    }

    /// <summary>What the simulator did to us so far.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FaultsAsync(CancellationToken cancel) =>
        servers.Simulator is { } simulator ? await simulator.GetFaultsAsync(cancel) : new Dictionary<string, int>();

    private int? CallBudget() =>
        servers.Account.TryGetValue("Accounts__default__CallsPerMinute", out var text) ? int.Parse(text, CultureInfo.InvariantCulture)
        : servers.Simulator is not null ? SimulatorAccount.ConnectBudget
        : null;
}
