using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What a provider does to the times and recordings of a call, decided when it is placed.</summary>
public sealed class Habits(FaultPlan faults, IOptions<SimulatorOptions> options)
{
    private const double ZoneShare = 0.6;
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(-3);
    private static readonly (int From, int To) LateSeconds = (240, 1500);

    /// <summary>How far the clock that a call's callbacks tell is ahead: mostly that of another zone, else one that is slow.</summary>
    /// <param name="zone">What the other zone is ahead of the right one.</param>
    public TimeSpan Clock(string person, int occasion, TimeSpan zone)
    {
        if (!faults.Strikes(Fault.ForeignClock, person, occasion))
            return TimeSpan.Zero;
        faults.Count(Fault.ForeignClock);
        return Dice.Roll(options.Value.Seed, person, occasion, "clock") < ZoneShare ? zone : Slow;
    }

    /// <summary>How long after everything else the recording is in the records; null: no longer, and callbacks name it.</summary>
    public TimeSpan? RecordingLate(string person, int occasion)
    {
        if (!faults.Strikes(Fault.LateRecording, person, occasion))
            return null;
        faults.Count(Fault.LateRecording);
        return TimeSpan.FromSeconds(Dice.Between(LateSeconds.From, LateSeconds.To, options.Value.Seed, person, occasion, "late-recording"));
    }
}
