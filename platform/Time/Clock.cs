using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Outdial.Platform;

/// <summary>Chooses the clock of a process from section <c>Clock</c>: <c>Speed</c>, <c>Origin</c>, <c>RealOrigin</c>.</summary>
public static class Clock
{
    /// <summary>The system's clock, or an accelerated one when the section asks for it.</summary>
    /// <exception cref="InvalidOperationException">A value cannot be read; the message says which and what was expected.</exception>
    public static TimeProvider From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Clock");
        var speed = Speed(section["Speed"]);
        var origin = Instant("Origin", section["Origin"]);
        var realOrigin = Instant("RealOrigin", section["RealOrigin"]);
        if (speed == 1 && origin is null)
            return TimeProvider.System;

        var now = TimeProvider.System.GetUtcNow();
        return new ScaledTimeProvider(origin ?? realOrigin ?? now, realOrigin ?? now, speed);
    }

    private static double Speed(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return 1;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= 10_000
            ? speed
            : throw new InvalidOperationException($"Clock:Speed is '{text}'; expected a number above 0 and at most 10000, such as 60.");
    }

    private static DateTimeOffset? Instant(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return InstantText.TryRead(text, out var instant)
            ? instant
            : throw new InvalidOperationException($"Clock:{name} is '{text}'; expected {InstantText.Expected}.");
    }
}
