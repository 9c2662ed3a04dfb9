using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Demo;

/// <summary>
/// Agents whom the provider's queue rings. They are signed in with Outdial all the time; who is really there is up to the provider,
/// and in the middle of the run it is only a few.
/// </summary>
public sealed class PowerFloor : DemoFloor
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Real time for what should take a moment.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly DemoStage _stage;
    private readonly StaffingDip _dip;
    private readonly List<Guid> _agents = [];
    private readonly List<Finding> _findings = [];
    private readonly CancellationTokenSource _over = new();
    private Task _shift = Task.CompletedTask;
    private int? _waiting;

    private PowerFloor(DemoStage stage, int agents) => (_stage, _dip) = (stage, new StaffingDip(agents));

    public override IReadOnlyList<Finding> Findings => [.. _findings];

    public override IReadOnlyList<string> Remarks => _dip.Remarks;

    public static async Task<PowerFloor> OpenAsync(DemoStage stage, int agents, int wrapUpSeconds, CancellationToken cancel)
    {
        var floor = new PowerFloor(stage, agents);
        var extensions = await stage.Simulator.StaffAsync(new { count = agents, answerSeconds = 2, wrapUpSeconds, declines = 0.02 }, cancel);
        foreach (var (extension, index) in extensions.Take(agents).Select((e, i) => (e, i)))
        {
            var agent = await stage.Api.CreateAgentAsync(
                string.Create(CultureInfo.InvariantCulture, $"Agent {index + 1:00}"), "+" + extension, stage.Campaign, cancel);
            await stage.Api.SignInByPhoneAsync(agent, cancel);
            floor._agents.Add(agent);
        }
        floor._shift = floor.WorkAsync(floor._over.Token);
        return floor;
    }

    public override async Task<FloorSnapshot?> LookAsync(CancellationToken cancel)
    {
        var sessions = await _stage.Api.GetSessionsAsync(cancel);
        return new FloorSnapshot(sessions.CountBy(session => session.State).ToDictionary(), Waiting: _waiting);
    }

    public override async Task CloseAsync(CancellationToken cancel)
    {
        await _over.CancelAsync();
        await _shift;
        foreach (var agent in _agents)
            await _stage.Api.SignOutAsync(agent, cancel);
        await WithinAsync(async () => (await _stage.Api.GetSessionsAsync(cancel)).Count == 0, cancel);
        foreach (var stuck in await _stage.Api.GetSessionsAsync(cancel))
            _findings.Add(new(FindingKinds.Agent, stuck.Id.ToString(), $"is {stuck.State} although the agent signed out"));

        // Told by the report, which hears of pauses a moment later.
        await WithinAsync(async () => StaffingDip.Missing(await _stage.Api.GetReportAsync(_stage.Campaign, cancel)) is null, cancel);
        if (StaffingDip.Missing(await _stage.Api.GetReportAsync(_stage.Campaign, cancel)) is { } missing)
            _findings.Add(missing);
    }

    public override async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _shift;
        _over.Dispose();
        await base.DisposeAsync();
    }

    private async Task WorkAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                var campaign = await _stage.Api.GetCampaignAsync(_stage.Campaign, over);
                _waiting = campaign.Floor?.Queued;
                if (_dip.Next(campaign, _stage.Now) is { } agents)
                    await _stage.Simulator.StaffAsync(new { count = agents }, over);
                await Task.Delay(BetweenLooks, _stage.Time, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return;   // the campaign is over
        }
        catch (Exception e) when (e is HttpRequestException or CommandFailure)
        {
            _findings.Add(new(FindingKinds.Agent, "floor", $"could not be staffed: {e.Message}"));
        }
    }

    private async Task WithinAsync(Func<Task<bool>> holds, CancellationToken cancel)
    {
        var started = _stage.Time.GetTimestamp();
        while (!await holds() && _stage.Time.GetElapsedTime(started) < Deadline)
            await Task.Delay(BetweenLooks, _stage.Time, cancel);
    }
}
