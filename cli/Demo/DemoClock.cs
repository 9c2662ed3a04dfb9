using System.Globalization;

namespace Outdial.Cli.Demo;

/// <summary>The clock that all processes of a run share.</summary>
/// <param name="Speed">Virtual seconds per real second.</param>
/// <param name="Origin">What it shows at <paramref name="RealOrigin"/>.</param>
public sealed record DemoClock(double Speed, DateTimeOffset Origin, DateTimeOffset RealOrigin)
{
    /// <summary>
    /// Ten o'clock in India on a Monday that is always the same one: people may be called, and two runs with one seed
    /// meet the same hours.
    /// </summary>
    public static readonly DateTimeOffset MondayMorning = new(2026, 1, 5, 10, 0, 0, TimeSpan.FromHours(5.5));

    /// <summary>Real time, for a provider whose phones are real.</summary>
    public static DemoClock Real(TimeProvider clock) => new(1, clock.GetUtcNow(), clock.GetUtcNow());

    public static DemoClock Accelerated(double speed, TimeProvider clock) => new(speed, MondayMorning, clock.GetUtcNow());

    public DateTimeOffset Now(TimeProvider clock) => Origin + (clock.GetUtcNow() - RealOrigin) * Speed;

    /// <summary>The environment variables that give a process this clock; none for real time.</summary>
    public IReadOnlyDictionary<string, string> Environment() => Speed == 1
        ? new Dictionary<string, string>()
        : new Dictionary<string, string>
        {
            ["Clock__Speed"] = Speed.ToString(CultureInfo.InvariantCulture),
            ["Clock__Origin"] = Origin.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            ["Clock__RealOrigin"] = RealOrigin.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        };
}
