using System.Collections.Concurrent;

namespace Outdial.Simulator;

/// <summary>Runs the flows of all calls that are in one. Each is a task that sleeps on the agenda; a reset ends them all.</summary>
public sealed partial class FlowFloor(
    Agenda agenda, TimeProvider clock, Phones phones, Courier courier, FlowTools tools, ILogger<FlowFloor> log) : IDisposable
{
    private readonly ConcurrentDictionary<string, FlowRun> _runs = new(StringComparer.Ordinal);
    private CancellationTokenSource _era = new();

    /// <summary>Whether every flow waits for time to pass: none for an answer.</summary>
    public bool IsAtRest => _runs.Values.All(run => run.Caller.Waits);

    /// <summary>Takes a call that was placed and written down.</summary>
    public void Start(FlowCall call)
    {
        if (!call.IsAnswered)
        {
            agenda.At(call.EndedAt, () => phones.Release(call.Person, call));
            return;
        }
        var run = new FlowRun(call, new Caller(clock, agenda, call.CreatedAt, _era.Token), tools);
        _runs[call.Sid] = run;
        _ = Follow(run);
    }

    /// <summary>The caller hangs up.</summary>
    /// <returns>False when there is no such call, or it is not answered yet, or over.</returns>
    public bool HangUp(string sid)
    {
        if (!_runs.TryGetValue(sid, out var run) || clock.GetUtcNow() < run.Call.AnsweredAt)
            return false;
        run.Caller.HangUp();
        return true;
    }

    /// <summary>Ends every flow without another word.</summary>
    public void Reset()
    {
        Interlocked.Exchange(ref _era, new CancellationTokenSource()).Cancel();
        _runs.Clear();
        phones.Reset();
    }

    public void Dispose()
    {
        _era.Cancel();
        _era.Dispose();
    }

    private async Task Follow(FlowRun run)
    {
        var call = run.Call;
        try
        {
            await run.Run();
        }
        catch (OperationCanceledException) when (run.Caller.Stop.IsCancellationRequested)
        {
            return;   // a new run has begun; nobody wants to hear of this call
        }
        catch (Exception e)
        {
            LogBroken(log, e, call.Sid);
            call.End(clock.GetUtcNow(), FlowEnd.CallAttempt);
        }
        _runs.TryRemove(call.Sid, out _);
        phones.Release(call.Person, call);
        courier.AnnounceEnd(call);
    }

    [LoggerMessage(EventId = 7002, Level = LogLevel.Error, Message = "The flow of call {Sid} broke off")]
    private static partial void LogBroken(ILogger log, Exception exception, string sid);
}
