using System.Globalization;
using System.Text.RegularExpressions;

namespace Outdial.Simulator;

/// <summary>
/// A clock that starts at <c>Clock:Origin</c> and runs <c>Clock:Speed</c> times as fast as the real one:
/// virtual = Origin + (real − RealOrigin) × Speed. Its timers are scaled the same way, so code that only knows
/// <see cref="TimeProvider"/> needs no idea of the speed. Processes given the same three values agree on the time.
/// </summary>
public sealed partial class AcceleratedClock(double speed, DateTimeOffset realOrigin, DateTimeOffset origin, TimeProvider real) : TimeProvider
{
    public double Speed { get; } = speed;

    /// <summary>The system's clock, unless the section <c>Clock</c> asks for another speed or origin.</summary>
    /// <exception cref="InvalidOperationException">A value of the section cannot be used; the message says which.</exception>
    public static TimeProvider From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Clock");
        if (section["Speed"] is null && section["Origin"] is null && section["RealOrigin"] is null)
            return System;

        var speed = double.TryParse(section["Speed"] ?? "1", NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && parsed > 0
            ? parsed
            : throw new InvalidOperationException($"Clock:Speed is '{section["Speed"]}'; it must be a number above 0, such as 60.");
        var realOrigin = Instant(section, "RealOrigin") ?? System.GetUtcNow();
        return new AcceleratedClock(speed, realOrigin, Instant(section, "Origin") ?? realOrigin, System);
    }

    public override DateTimeOffset GetUtcNow() => origin + (real.GetUtcNow() - realOrigin) * Speed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(real.GetElapsedTime(0).Ticks * Speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(this, real.CreateTimer(callback, state, ToReal(dueTime), ToReal(period)));

    /// <summary>At least one real millisecond: a due time that rounds to nothing would let a loop spin.</summary>
    private TimeSpan ToReal(TimeSpan span) =>
        span <= TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(span.TotalMilliseconds / Speed)));

    private static DateTimeOffset? Instant(IConfigurationSection section, string key) =>
        section[key] is not { Length: > 0 } text ? null
        : Offset().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var instant) ? instant
        : throw new InvalidOperationException($"Clock:{key} is '{text}'; it must be an instant with its offset, such as 2025-01-06T04:30:00Z.");

    /// <summary>Without it the machine's own zone would decide.</summary>
    [GeneratedRegex(@"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Offset();

    private sealed class ScaledTimer(AcceleratedClock clock, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.ToReal(dueTime), clock.ToReal(period));
        public void Dispose() => inner.Dispose();
        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
