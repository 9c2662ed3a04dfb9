using Outdial.Pacer.Campaigns;

namespace Outdial.Pacer.Pacing;

/// <summary>
/// Slows a campaign whose completion rate is under its floor, and lets it go again when the rate has risen. Pure. The first step,
/// a quarter off, is what Exotel's own example does (60 to 45 calls a minute).
/// </summary>
internal static class CompletionBrake
{
    /// <summary>The rate must rise this far over the floor before the brake is let go, so that it does not flap.</summary>
    private const double Recovery = 0.02;

    /// <param name="current">The factor in force, in (0, 1].</param>
    /// <param name="rate">Share of the watched attempts that completed, in [0, 1].</param>
    /// <param name="windowFull">Too few attempts say nothing.</param>
    /// <returns>Share of the pace to dial at, in (0, 1].</returns>
    public static double Factor(double current, double rate, bool windowFull, CompletionWatch watch)
    {
        if (watch.Floor is not { } floor)
            return 1;
        if (!windowFull)
            return current;
        if (rate >= Math.Min(1, floor + Recovery))
            return 1;
        if (rate >= floor)
            return current;
        var missing = (floor - rate) / floor;
        return missing < 0.1 ? 0.75 : missing < 0.25 ? 0.5 : 0.25;
    }
}
