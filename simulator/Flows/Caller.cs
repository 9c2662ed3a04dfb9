namespace Outdial.Simulator;

/// <summary>
/// The first leg of a flow call as its flow sees it: what time it is for the flow, and whether the caller is still there.
/// The flow's time moves in planned instants, so that durations do not depend on how late a timer fires; only an answer
/// waited for sets it to the clock. Used by one flow at a time; <see cref="HangUp"/> may come from anywhere.
/// </summary>
public sealed class Caller(TimeProvider clock, Agenda agenda, DateTimeOffset start, CancellationToken stop)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _wake;
    private volatile bool _waits;
    private DateTimeOffset _leavesAt = SimulatedCall.NotYet;
    private DateTimeOffset _patienceEnds = SimulatedCall.NotYet;

    /// <summary>The flow's time.</summary>
    public DateTimeOffset At { get; private set; } = start;

    public CancellationToken Stop => stop;

    /// <summary>Whether the caller has left by the flow's time.</summary>
    public bool Left
    {
        get { lock (_gate) return Leaves <= At; }
    }

    /// <summary>Whether the flow waits for time to pass, and for nothing else.</summary>
    public bool Waits => _waits;

    private DateTimeOffset Leaves => _leavesAt < _patienceEnds ? _leavesAt : _patienceEnds;

    /// <summary>The caller will hang up then, unless something makes it earlier.</summary>
    public void LeaveAt(DateTimeOffset at)
    {
        lock (_gate)
            _leavesAt = at < _leavesAt ? at : _leavesAt;
    }

    /// <summary>Until when the caller waits for somebody to talk to; null: there is somebody.</summary>
    public void WaitUntil(DateTimeOffset? at)
    {
        lock (_gate)
            _patienceEnds = at ?? SimulatedCall.NotYet;
    }

    /// <summary>The caller hangs up now.</summary>
    public void HangUp()
    {
        LeaveAt(clock.GetUtcNow());
        TaskCompletionSource? wake;
        lock (_gate)
            wake = _wake;
        wake?.TrySetResult();
    }

    /// <summary>Waits for an instant; at once when it is past.</summary>
    /// <returns>False when the caller has left by then; the flow's time is then the moment of leaving.</returns>
    public async Task<bool> Reach(DateTimeOffset at)
    {
#pragma warning disable RS0030 // A flow goes on within its entry of the agenda, in the order of the agenda
        var wake = new TaskCompletionSource();   // the steps of a flow are short
#pragma warning restore RS0030
        DateTimeOffset due;
        lock (_gate)
        {
            due = Leaves < at ? Leaves : at;
            _wake = wake;
        }
        if (due > clock.GetUtcNow())
        {
            agenda.At(due, () => wake.TrySetResult());
            _waits = true;
            await wake.Task;
            _waits = false;
        }
        stop.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _wake = null;
            var reached = Leaves > at;
            var now = reached ? at : Leaves;
            At = now > At ? now : At;
            return reached;
        }
    }

    public Task<bool> After(TimeSpan span) => Reach(At + span);

    public Task<bool> After(int seconds) => Reach(At.AddSeconds(seconds));

    /// <summary>Sets the flow's time to the clock, or to the moment the caller left before: something was waited for that no plan knew.</summary>
    public void CatchUp()
    {
        var now = clock.GetUtcNow();
        lock (_gate)
            now = Leaves < now ? Leaves : now;
        At = now > At ? now : At;
    }
}
