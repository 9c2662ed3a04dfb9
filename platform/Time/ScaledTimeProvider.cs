namespace Outdial.Platform;

/// <summary>A clock that starts at one instant and runs at a multiple of real time; timers follow it.</summary>
/// <remarks>
/// virtual = origin + (real − realOrigin) × speed. Processes that are given the same three values share one clock.
/// Nothing but arithmetic is kept, so it may be created anywhere and is safe for concurrent use.
/// </remarks>
public sealed class ScaledTimeProvider : TimeProvider
{
    private readonly DateTimeOffset _origin, _realOrigin;
    private readonly double _speed;
    private readonly TimeProvider _real;
    private readonly long _startTimestamp;

    /// <param name="origin">What the clock shows at <paramref name="realOrigin"/>.</param>
    /// <param name="realOrigin">The real instant at which it showed that.</param>
    /// <param name="speed">Virtual seconds per real second, above zero.</param>
    /// <param name="real">The real clock; the system's when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The speed is not a number above zero.</exception>
    public ScaledTimeProvider(DateTimeOffset origin, DateTimeOffset realOrigin, double speed, TimeProvider? real = null)
    {
        if (!(speed > 0) || double.IsInfinity(speed))
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "The speed of a clock must be above zero.");
        (_origin, _realOrigin, _speed, _real) = (origin.ToUniversalTime(), realOrigin.ToUniversalTime(), speed, real ?? System);
        _startTimestamp = _real.GetTimestamp();
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _origin + (_real.GetUtcNow() - _realOrigin) * _speed;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => _real.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)((_real.GetTimestamp() - _startTimestamp) * _speed);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(this, _real.CreateTimer(callback, state, ToReal(dueTime), ToReal(period)));

    // Timers count whole milliseconds and drop the rest. Dropped, a fraction would fire the timer up to a
    // millisecond × speed before its virtual time; rounded up, it is never early.
    private TimeSpan ToReal(TimeSpan time) => time <= TimeSpan.Zero
        ? time
        : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / _speed));

    private sealed class ScaledTimer(ScaledTimeProvider clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.ToReal(dueTime), clock.ToReal(period));
        public void Dispose() => timer.Dispose();
        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
