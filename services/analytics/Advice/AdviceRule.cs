namespace Outdial.Analytics.Advice;

/// <summary>The watched window of a campaign.</summary>
/// <param name="Attempts">Dialed attempts in the window.</param>
/// <param name="Completed">Those of them that ended Completed.</param>
/// <param name="NewAttempts">Dialed attempts that ended since the last advice; counting may stop at the number that matters.</param>
internal sealed record Window(int Attempts, int Completed, int NewAttempts)
{
    /// <summary>In [0, 1]; 0 for an empty window.</summary>
    public double Rate => Attempts == 0 ? 0 : (double)Completed / Attempts;
}

/// <param name="Rate">What was last told, in [0, 1].</param>
/// <param name="Attempts">How many attempts it was taken over.</param>
internal sealed record LastAdvice(double Rate, int Attempts, DateTimeOffset At);

/// <summary>Whether a rate is worth telling. Pure.</summary>
internal static class AdviceRule
{
    /// <param name="width">Attempts in a full window.</param>
    /// <returns>Why it is to be told: <c>first</c>, <c>crossed</c>, <c>filled</c> or <c>moved</c>; null when it is not.</returns>
    public static string? Decide(Window window, LastAdvice? last, double floor, int width, DateTimeOffset now, AdviceOptions options)
    {
        if (window.Attempts == 0)
            return null;
        if (last is null)
            return window.Attempts >= options.EveryAttempts ? "first" : null;
        if (window.NewAttempts < options.EveryAttempts && now - last.At < options.OrAfter)
            return null;
        if (window.Rate < floor != last.Rate < floor)
            return "crossed";

        // A rate that was low from the start and stays so is acted on only once the window is full: that has to be told too.
        if (window.Attempts >= width && last.Attempts < width)
            return "filled";

        // Rates are fractions: 0.35 − 0.34 is a hair under 0.01.
        return Math.Abs(window.Rate - last.Rate) >= options.Step - 1e-9 ? "moved" : null;
    }
}
