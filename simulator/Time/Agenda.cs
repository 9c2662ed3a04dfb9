namespace Outdial.Simulator;

/// <summary>
/// What is to happen at which moment. One priority queue and one timer, armed for the earliest entry: thousands of
/// pending events cost no more than one. Entries run in order of their time, entries of the same time in order of entry,
/// one at a time; they must be short (put work on a queue) and must not throw.
/// </summary>
public sealed class Agenda : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Lock _running = new();
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> _entries = new();
    private long _order;
    private bool _disposed;

    public Agenda(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(static agenda => ((Agenda)agenda!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get { lock (_gate) return _entries.Count; }
    }

    /// <summary>When the next entry is due; null when there is none.</summary>
    public DateTimeOffset? Next
    {
        get { lock (_gate) return _entries.TryPeek(out _, out var next) ? next.Due : null; }
    }

    /// <summary>Whether nothing is due or under way. Waits for the entry that runs.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_running)
                return !(Next <= _clock.GetUtcNow());
        }
    }

    public void At(DateTimeOffset due, Action action)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            var earliest = !_entries.TryPeek(out _, out var next) || due < next.Due;
            _entries.Enqueue(action, (due, _order++));
            if (earliest)
                Arm(due);
        }
    }

    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _entries.Clear();
        }
        _timer.Dispose();
    }

    private void RunDue()
    {
        lock (_running)   // a second tick waits, so that entries never overtake each other
        {
            while (TakeDue() is { } action)
                action();
        }
    }

    private Action? TakeDue()
    {
        lock (_gate)
        {
            if (_disposed || !_entries.TryPeek(out _, out var next))
                return null;
            if (next.Due <= _clock.GetUtcNow())
                return _entries.Dequeue();
            Arm(next.Due);
            return null;
        }
    }

    private void Arm(DateTimeOffset due)
    {
        var wait = due - _clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        else   // not by the timer: a test's clock would run it here, inside whatever lock is held
            ThreadPool.UnsafeQueueUserWorkItem(static agenda => agenda.RunDue(), this, preferLocal: false);
    }
}
