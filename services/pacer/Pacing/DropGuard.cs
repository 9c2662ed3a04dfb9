namespace Outdial.Pacer.Pacing;

/// <summary>The drops of a campaign within its window (<c>AgentRules.DropWindow</c>), counted from rows.</summary>
internal sealed record DropCount
{
    /// <summary>N_a: calls that a person answered.</summary>
    public required int Answers { get; init; }

    /// <summary>N_d: of those, dropped by the law's definition, the ones who still wait past the limit included.</summary>
    public required int Drops { get; init; }

    /// <summary>Of the drops: those who still wait.</summary>
    public int StillWaiting { get; init; }

    /// <summary>Answers within the last <see cref="DropGuard.Lately"/>.</summary>
    public int AnswersLately { get; init; }

    /// <summary>Until the calling window closes, in seconds, and an hour at most.</summary>
    public double SecondsLeft { get; init; }

    /// <summary>L: the largest share of answered calls that may be dropped, in [0, 1].</summary>
    public required double Limit { get; init; }

    /// <summary>The share dropped so far, in [0, 1].</summary>
    public double Rate => Answers == 0 ? 0 : (double)Drops / Answers;
}

/// <summary>
/// Falls back to one call per free agent while the next drop would break the limit. Such a call is hardly ever dropped, so the answers
/// it brings let the rate fall again; dialing nothing would leave it where it is. Pure.
/// </summary>
internal static class DropGuard
{
    /// <summary>Over how long the pace of answers is taken.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Answers still to come that may be counted on: those of the last quarter of an hour go on at 95 % of their pace until the calling
    /// window closes, for an hour at most. Never more than there are leads due, and never more than were answered already: a
    /// campaign must earn its first drop (by 17 to 33 answers at 3 %), and a forecast that fails at once at most doubles the rate.
    /// </summary>
    public static double Forecast(DropCount drops, int leadsDue)
    {
        var atThisPace = 0.95 * drops.AnswersLately / Lately.TotalSeconds * Math.Max(0, drops.SecondsLeft);
        return Math.Min(atThisPace, Math.Min(leadsDue, drops.Answers));
    }

    /// <summary>True when one more drop, besides those that are bound to come, would break the limit.</summary>
    public static bool Holds(DropCount drops, int waiting, int free, int leadsDue)
    {
        // Who waits without a free agent is as good as dropped; who waits past the limit is counted already.
        var doomed = Math.Max(0, waiting - drops.StillWaiting - free);
        // The next drop is an answer too.
        return drops.Drops + 1 + doomed > drops.Limit * (drops.Answers + 1 + Forecast(drops, leadsDue));
    }
}
