using Outdial.Platform;

namespace Outdial.Pacer.Pacing;

/// <summary>
/// Power mode: a fixed number of calls for each free agent, n = ⌊r·F⌋ − Q − m, and none when nobody is free. While the drop guard
/// holds, r is 1. A part of <see cref="PacingCore"/>, and as pure.
/// </summary>
internal static class PowerPacing
{
    public static PacingDecision Excess(PowerFloor floor) => new(
        0, "QueueExcess", $"{Leads(floor.Waiting)} for an agent, {Agents(floor.Free)}: "
            + $"{floor.Marks.High} or more beyond that pause the campaign until {floor.Marks.Low} wait");

    public static string WhilePaused(PowerFloor floor) =>
        $"paused: {Leads(floor.Waiting)} for an agent, {Agents(floor.Free)}, resume at {floor.Marks.Low}";

    public static PacingDecision NobodyFree(PowerFloor floor) => floor.SignedIn == 0
        ? new(0, "NoAgents", "no agent is signed in")
        : new(0, "NoFreeAgent", $"no agent is free: {floor.SignedIn} signed in, {Counted.Of(floor.Connected, "call")} connected, {Leads(floor.Waiting)}");

    public static Bound Bound(PowerFloor floor, int leadsDue)
    {
        var guarded = DropGuard.Holds(floor.Drops, floor.Waiting, floor.Free, leadsDue);
        var ratio = guarded ? 1 : floor.Ratio;
        var possible = (int)Math.Floor(ratio * floor.Free);
        var calls = Math.Max(0, possible - floor.Waiting - floor.Underway);
        var wanted = $"{calls} of {possible} possible with {Agents(floor.Free)}, {Leads(floor.Waiting)}, {Counted.Are(floor.Underway, "call")} under way";
        return guarded
            ? new(calls, "DropGuard",
                $"drop limit: {Counted.Of(floor.Drops.Drops, "drop")} of {Counted.Of(floor.Drops.Answers, "answer")}, next one breaks {100 * floor.Drops.Limit:0.0}%, "
                + $"so one call per free agent: {wanted}")
            : new(calls, "Power", $"power: {wanted}");
    }

    private static string Leads(int waiting) => Counted.Do(waiting, "answered lead", "wait");

    private static string Agents(int free) => $"{Counted.Of(free, "agent")} free";
}
