using Microsoft.Extensions.Time.Testing;

namespace Outdial.Testing;

/// <summary>A clock that knows how many wait for it in the middle of something: time has to pass before they go on.</summary>
public class AwaitedClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _delays;

    /// <summary>How many delays by this clock are not over.</summary>
    public int Delays => Volatile.Read(ref _delays);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        state is Task ? new Delay(this, callback, state, dueTime, period) : base.CreateTimer(callback, state, dueTime, period);

    private ITimer Plain(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime, period);

    /// <summary>The timer of a <c>Task.Delay</c>, whose state is its task.</summary>
    private sealed class Delay : ITimer
    {
        private readonly AwaitedClock _clock;
        private readonly ITimer _timer;
        private int _over;

        public Delay(AwaitedClock clock, TimerCallback callback, object state, TimeSpan dueTime, TimeSpan period)
        {
            _clock = clock;
            Interlocked.Increment(ref clock._delays);
            _timer = clock.Plain(
                x =>
                {
                    Over();
                    callback(x);
                }, state, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

        public void Dispose()
        {
            Over();
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Over();
            return _timer.DisposeAsync();
        }

        private void Over()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
                Interlocked.Decrement(ref _clock._delays);
        }
    }
}
