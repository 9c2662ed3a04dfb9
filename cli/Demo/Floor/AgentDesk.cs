using System.Text.Json;
using Outdial.Cli.Api;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Demo;

/// <summary>A call-back that an agent promised in person.</summary>
/// <param name="DialedAt">When the lead came to the same agent's line again; null: not yet.</param>
public sealed record PromisedCallBack(Guid LeadId, DateTimeOffset DueAt, DateTimeOffset? DialedAt);

/// <summary>One agent's desk: follows the screen as a browser would, and does what the agent's habits ask for.</summary>
public sealed class AgentDesk(DemoStage stage, Guid agent, string name, DeskHabits habits)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<Guid, Guid> _leadOfAttempt = [];
    private readonly HashSet<Guid> _said = [];
    private int _conversations;
    private int _looks;
    private bool _rested;

    public Guid Agent => agent;

    public string Name => name;

    public DeskHabits Habits => habits;

    /// <summary>Null until one was promised.</summary>
    public PromisedCallBack? CallBack { get; private set; }

    /// <summary>Dispositions that were taken.</summary>
    public int Said => _said.Count;

    /// <summary>Breaks that were taken.</summary>
    public int Breaks { get; private set; }

    /// <summary>Ends with its cancellation. A screen that breaks off is opened again, as a browser does.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await foreach (var shown in stage.Api.StreamAsync(agent, cancel))
                    await SeeAsync(shown, cancel);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or CommandFailure && !cancel.IsCancellationRequested)
            {
                // The router is away for a moment.
            }
            await Task.Delay(BetweenTries, stage.Time, cancel);
        }
    }

    private async Task SeeAsync(ScreenEvent shown, CancellationToken cancel)
    {
        switch (shown.Kind)
        {
            case "snapshot" when shown.Body.TryGetProperty("lead", out var lead) && lead.ValueKind == JsonValueKind.Object:
                await LeadAsync(lead, shown.At, cancel);
                break;
            case "lead":
                await LeadAsync(shown.Body, shown.At, cancel);
                break;
            case "call" when shown.Body.GetProperty("stage").GetString() == "ended":
                await EndedAsync(shown.Body, cancel);
                break;
        }
    }

    private async Task LeadAsync(JsonElement lead, DateTimeOffset at, CancellationToken cancel)
    {
        var (attempt, id) = (lead.GetProperty("attemptId").GetGuid(), lead.GetProperty("leadId").GetGuid());
        var isNew = _leadOfAttempt.TryAdd(attempt, id);
        if (isNew && CallBack is { DialedAt: null } promised && promised.LeadId == id)
            CallBack = promised with { DialedAt = at };
        if (habits.Previews && lead.GetProperty("decide").GetBoolean())
            await TryAsync(() => ++_looks % 8 == 0
                ? stage.Api.SkipAsync(agent, new("speaks another language"), cancel)
                : stage.Api.AcceptAsync(agent, cancel));
    }

    private async Task EndedAsync(JsonElement call, CancellationToken cancel)
    {
        var attempt = call.GetProperty("attemptId").GetGuid();
        if (call.GetProperty("outcome").GetString() != "Completed" || !_leadOfAttempt.TryGetValue(attempt, out var lead) || _said.Contains(attempt))
            return;
        _conversations++;
        if (habits.CallBackAfter is { } after && CallBack is null)
            await PromiseAsync(attempt, lead, stage.Now + after, cancel);
        else if (habits.SaysOutcomes)
            await SayAsync(new DispositionOfACall(attempt, _conversations % 3 == 0 ? "interested" : "not-interested"), cancel);
        if (habits.Break is { } rest && _conversations >= 2 && !_rested)
            await RestAsync(rest, cancel);
    }

    private async Task PromiseAsync(Guid attempt, Guid lead, DateTimeOffset due, CancellationToken cancel)
    {
        if (await SayAsync(new DispositionOfACall(attempt, "call-back", "Asked to be called again in some minutes.", due, Personal: true), cancel))
            CallBack = new PromisedCallBack(lead, due, null);
    }

    private async Task<bool> SayAsync(DispositionOfACall disposition, CancellationToken cancel)
    {
        var taken = await TryAsync(() => stage.Api.DispositionAsync(agent, disposition, cancel));
        if (taken)
            _said.Add(disposition.AttemptId);
        return taken;
    }

    /// <summary>The break itself goes on beside the screen.</summary>
    private async Task RestAsync(TimeSpan length, CancellationToken cancel)
    {
        _rested = await TryAsync(() => stage.Api.PauseAsync(agent, new("lunch"), cancel));
        if (!_rested)
            return;
        Breaks++;
        _ = BackAsync();

        async Task BackAsync()
        {
            try
            {
                await stage.DelayAsync(length, cancel);
                while (!await TryAsync(() => stage.Api.ReadyAsync(agent, cancel)))
                    await Task.Delay(BetweenTries, stage.Time, cancel);
            }
            catch (OperationCanceledException)
            {
                // The floor closed during the break.
            }
        }
    }

    /// <returns>False when the answer was no, or none came: an agent would look at the screen and go on.</returns>
    private static async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception refused) when (refused is CommandFailure or HttpRequestException)
        {
            return false;
        }
    }
}
