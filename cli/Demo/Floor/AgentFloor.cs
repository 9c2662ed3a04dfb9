using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Outdial.Cli.Views;

namespace Outdial.Cli.Demo;

/// <summary>
/// Agents with phones at the simulator and desks here. Whoever's session ends before the day does signs in again, as people
/// do whose line broke.
/// </summary>
public sealed class AgentFloor : DemoFloor
{
    private static readonly string[] FirstNames =
    [
        "Aarti", "Bhavesh", "Chitra", "Deepak", "Esha", "Farhan", "Gauri", "Harish", "Indira", "Jatin",
        "Kavita", "Lokesh", "Meena", "Nikhil", "Ojas", "Pooja", "Rahul", "Sunita", "Tarun", "Usha",
    ];

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HomeDeadline = TimeSpan.FromSeconds(45);

    /// <summary>On the run's clock: how long an agent who missed calls takes to notice, and to say that he is there.</summary>
    private static readonly TimeSpan NoticesAfter = TimeSpan.FromSeconds(20);

    private readonly DemoStage _stage;
    private readonly List<AgentDesk> _desks = [];
    private readonly List<Task> _work = [];
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<(Guid Session, DateTimeOffset Since), long> _overdue = [];
    private readonly HashSet<Guid> _stuck = [];
    private readonly CancellationTokenSource _closing = new();

    private readonly bool _byPhone;
    private int _backAgain;

    private AgentFloor(DemoStage stage, bool byPhone) => (_stage, _byPhone) = (stage, byPhone);

    public IReadOnlyList<AgentDesk> Desks => _desks;

    public override IReadOnlyList<Finding> Findings => _findings;

    public override IReadOnlyList<string> Remarks =>
    [
        .. _desks.Where(desk => desk.CallBack is not null).Select(CallBackInWords),
        .. _desks.Where(desk => desk.Breaks > 0).Select(desk => $"{desk.Name} took a break of {desk.Habits.Break!.Value.TotalMinutes:0} min."),
        .. _backAgain == 0 ? [] : new[] { $"An agent was on a break for not picking up, and came back: {Words.Count(_backAgain, "time")}." },
        $"{Words.Count(_desks.Sum(desk => desk.Said), "outcome was", "outcomes were")} said at {Words.Count(_desks.Count(desk => desk.Said > 0), "desk")}.",
    ];

    /// <summary>Makes the agents, gives them phones at the simulator and signs them in.</summary>
    /// <param name="stage">The run.</param>
    /// <param name="count">How many.</param>
    /// <param name="mode">One of <see cref="DemoModes"/>: in power mode each customer's call rings them, else they have an open line.</param>
    /// <param name="cancel">Ends the making.</param>
    /// <param name="promises">Whether one of them promises a call-back in person.</param>
    public static async Task<AgentFloor> OpenAsync(DemoStage stage, int count, string mode, CancellationToken cancel, bool promises = true)
    {
        var floor = new AgentFloor(stage, byPhone: mode == DemoModes.Power);
        await stage.Simulator.PutAgentsAsync([.. Enumerable.Range(0, count).Select(index => new { number = Phone(index), ringSeconds = 2 })], cancel);
        for (var index = 0; index < count; index++)
        {
            var agent = await stage.Api.CreateAgentAsync(Name(index), Phone(index), stage.Campaign, cancel);
            var habits = DeskHabits.Of(index, mode);
            floor._desks.Add(new AgentDesk(stage, agent, Name(index), promises ? habits : habits with { CallBackAfter = null }));
            await floor.SignInAsync(agent, cancel);
        }
        floor._work.AddRange(floor._desks.Where(desk => desk.Habits.FollowsTheScreen).Select(desk => desk.RunAsync(floor._closing.Token)));
        floor._work.Add(floor.StaffAsync(floor._closing.Token));
        return floor;
    }

    public override async Task<FloorSnapshot?> LookAsync(CancellationToken cancel)
    {
        var sessions = await _stage.Api.GetSessionsAsync(cancel);
        var hopper = await _stage.Api.GetHopperAsync(_stage.Campaign, cancel);
        return new FloorSnapshot(
            sessions.GroupBy(session => session.State).ToDictionary(group => group.Key, group => group.Count()),
            hopper?.Count, hopper?.Target, hopper?.Text);
    }

    public override async Task CloseAsync(CancellationToken cancel)
    {
        await _closing.CancelAsync();
        await Task.WhenAll(
            _work.Select(work => work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));
        foreach (var session in await _stage.Api.GetSessionsAsync(cancel))
            await SignOutAsync(session.AgentId, cancel);

        var started = _stage.Time.GetTimestamp();
        List<AgentSession> left;
        while ((left = await _stage.Api.GetSessionsAsync(cancel)).Count > 0 && _stage.Time.GetElapsedTime(started) < HomeDeadline)
            await Task.Delay(BetweenLooks, _stage.Time, cancel);
        _findings.AddRange(left.Select(session => new Finding(FindingKinds.Agent, session.Id.ToString(), $"signed out and is still {session.State} ({session.Reason})")));
        _findings.AddRange(_desks.Where(desk => desk.CallBack is { DialedAt: null }).Select(desk =>
            new Finding(FindingKinds.Agent, desk.Agent.ToString(), "promised a call-back in person that was never dialed on this line")));
        _findings.AddRange(_desks.Where(desk => desk.CallBack is { DialedAt: { } at } promised && at < promised.DueAt).Select(desk =>
            new Finding(FindingKinds.Agent, desk.Agent.ToString(), "promised a call-back that was dialed too early")));
    }

    public override async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await Task.WhenAll(
            _work.Select(work => work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));
        _closing.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>
    /// Signs in again whose session ended, says that those are there who had missed calls, and notices who is past a deadline that somebody should
    /// have kept.
    /// </summary>
    private async Task StaffAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks, _stage.Time, cancel);
            try
            {
                var sessions = await _stage.Api.GetSessionsAsync(cancel);
                foreach (var stuck in sessions.Where(session => IsStuck(session) && _stuck.Add(session.Id)))
                    _findings.Add(new Finding(FindingKinds.Agent, stuck.Id.ToString(), $"is {stuck.State} long after the deadline of that state"));
                foreach (var away in sessions.Where(s => s is { State: "Paused", Reason: "not-answering" } && _stage.Now - s.Since > NoticesAfter))
                {
                    await _stage.Api.ReadyAsync(away.AgentId, cancel);
                    _backAgain++;
                }
                foreach (var desk in _desks.Where(desk => sessions.TrueForAll(session => session.AgentId != desk.Agent)))
                    await SignInAsync(desk.Agent, cancel);
            }
            catch (Exception away) when (away is HttpRequestException or CommandFailure)
            {
                // The router is away for a moment; the next look tries again.
            }
        }
    }

    /// <summary>In one state past its deadline, for so long that a router that answers must have noticed: one that was away has time to.</summary>
    private bool IsStuck(AgentSession session)
    {
        var state = (session.Id, session.Since);
        if (!(session.Deadline < _stage.Now))
            return false;
        if (_overdue.TryGetValue(state, out var firstSeen))
            return _stage.Time.GetElapsedTime(firstSeen) > StuckAfter;
        _overdue[state] = _stage.Time.GetTimestamp();
        return false;
    }

    private Task SignInAsync(Guid agent, CancellationToken cancel) =>
        _byPhone ? _stage.Api.SignInByPhoneAsync(agent, cancel) : _stage.Api.SignInAsync(agent, cancel);

    private async Task SignOutAsync(Guid agent, CancellationToken cancel)
    {
        try
        {
            await _stage.Api.SignOutAsync(agent, cancel);
        }
        catch (CommandFailure)
        {
            // Whose session ended by itself meanwhile is where it is to be.
        }
    }

    private static string CallBackInWords(AgentDesk desk)
    {
        var promised = desk.CallBack!;
        var due = Local(promised.DueAt);
        return promised.DialedAt is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"{desk.Name} promised to call back at {due}: dialed on the same agent's line at {Local(at)}, {(at - promised.DueAt).TotalSeconds:0} s after it was due.")
            : $"{desk.Name} promised to call back at {due}: not dialed.";
    }

    private static string Local(DateTimeOffset instant) => instant.ToOffset(TimeSpan.FromHours(5.5)).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Name(int index) =>
        index < FirstNames.Length ? FirstNames[index] : string.Create(CultureInfo.InvariantCulture, $"{FirstNames[index % FirstNames.Length]} {index / FirstNames.Length + 1}");

    /// <summary>Numbers that no list of leads has and for which the simulator knows no fixed behaviour.</summary>
    private static string Phone(int index) => string.Create(CultureInfo.InvariantCulture, $"+9197400051{index + 10:00}");
}
