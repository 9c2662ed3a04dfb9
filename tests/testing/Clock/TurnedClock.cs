using System.Diagnostics;

namespace Outdial.Testing;

/// <summary>
/// A clock that a test turns by exact amounts, and only between two moments at which every process that is told the time by it rests: how much
/// time passes until something happens does not depend on how fast the machine is.
/// </summary>
public sealed class TurnedClock(DateTimeOffset start) : AwaitedClock(start)
{
    /// <summary>Real time, and only when something never comes to rest.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(2);

    /// <summary>How often <see cref="Until"/> turns the clock before it gives up.</summary>
    public const int Turns = 1_000;

    private readonly Lock _lock = new();
    private readonly List<InFlight> _processes = [];
    private readonly List<Hold> _holds = [];

    /// <summary>What is in flight in this process is waited for from now on.</summary>
    public void Tells(InFlight process)
    {
        _ = process.Begun;   // it is known while the process lives, and asked for later, too
        lock (_lock)
            _processes.Add(process);
    }

    /// <summary>By which the test stops a handler in its middle. What is held is not waited for.</summary>
    public Hold Hold()
    {
        var hold = new Hold();
        lock (_lock)
            _holds.Add(hold);
        return hold;
    }

    /// <summary>Returns when nothing is in flight: what was done last has had all its consequences but those that take time.</summary>
    /// <exception cref="TimeoutException">Something does not come to rest; names it.</exception>
    public async Task Settle()
    {
        long handed;
        do
        {
            await Rest();
            handed = Processes.Sum(process => process.Handed);
            if (Processes.Count(process => process.Wake()) == 0)
                return;
            await Rest();
        }
        while (handed != Processes.Sum(process => process.Handed));   // what came of it may have left something to look for
    }

    /// <summary>So much time passes, at once, and has its consequences.</summary>
    public async Task Turn(TimeSpan by)
    {
        await Settle();
        Advance(by);
        await Settle();
    }

    /// <inheritdoc cref="Turn"/>
    public async Task TurnTo(DateTimeOffset time)
    {
        await Settle();
        SetUtcNow(time);
        await Settle();
    }

    /// <summary>Turns the clock step by step until the condition holds.</summary>
    /// <param name="step">Zero: time does not pass.</param>
    /// <exception cref="TimeoutException">So many steps did not bring it about.</exception>
    public async Task Until(Func<Task<bool>> condition, string what, TimeSpan step)
    {
        var from = GetUtcNow();
        await Settle();
        for (var turn = 0; !await condition(); turn++)
        {
            if (turn == Turns)
            {
                throw new TimeoutException(
                    $"{GetUtcNow() - from} later by the test's clock, after {Turns} steps, and with nothing in flight, it is still not so: {what}");
            }
            await Turn(step);
        }
    }

    private InFlight[] Processes
    {
        get
        {
            lock (_lock)
                return [.. _processes];
        }
    }

    private async Task Rest()
    {
        var waited = Stopwatch.StartNew();
        while (await Left() is { Count: > 0 } left)
        {
            if (waited.Elapsed > Patience)
                throw new TimeoutException($"After {Patience.TotalSeconds:0} s there is still in flight: {string.Join("; ", left)}");
            await Task.Delay(LookAgain, TimeProvider.System);
        }
    }

    private async Task<IReadOnlyList<string>> Left()
    {
        var processes = Processes;
        var begun = processes.Sum(process => process.Begun);
        if (Moving() is { Count: > 0 } moving)
            return moving;
        foreach (var process in processes)
        {
            if (await process.InOutbox() is > 0 and var rows)
                return [$"{rows} messages in an outbox"];
        }
        // What left a row while this looked is in hand now, or has begun something meanwhile.
        return Moving() is { Count: > 0 } since ? since : begun == processes.Sum(process => process.Begun) ? [] : ["something that has just ended"];

        List<string> Moving()
        {
            var background = processes.SelectMany(process => process.Background).ToList();
            var messages = processes.Sum(process => process.Messages);
            if (background.Sum(work => work.Count) + messages <= Waiting)
                return [];
            var left = background.Select(work => $"{work.Name}: {work.Count} in hand").ToList();
            if (messages > 0)
                left.Add($"{messages} messages in queues and in hand ({string.Join(", ", processes.SelectMany(process => process.InHand))})");
            return left;
        }
    }

    /// <summary>Handlers and loops that wait for time to pass, or for the test.</summary>
    private int Waiting
    {
        get
        {
            lock (_lock)
                return Delays + _holds.Sum(hold => hold.Waiting);
        }
    }
}

/// <summary>Where a test has stopped a handler in its middle: see <see cref="TurnedClock.Hold"/>.</summary>
public sealed class Hold
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>Completes when the first one has come here.</summary>
    public Task Reached => _reached.Task.WaitAsync(Eventually.Patience, TimeProvider.System);

    internal int Waiting => _open.Task.IsCompleted ? 0 : Volatile.Read(ref _waiting);

    /// <summary>Waits until <see cref="Open"/>.</summary>
    public Task Wait()
    {
        Interlocked.Increment(ref _waiting);
        _reached.TrySetResult();
        return _open.Task;
    }

    /// <summary>Whoever waits goes on.</summary>
    public void Open() => _open.TrySetResult();
}
