using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.Pacing;

/// <summary>What becomes of a lead when one of its attempts has ended.</summary>
internal abstract record AfterAttempt
{
    private AfterAttempt() { }

    public sealed record Final(string State, string Reason, string Text) : AfterAttempt;

    public sealed record Again(DateTimeOffset DueAt, string Text) : AfterAttempt;
}

/// <summary>Decides, outcome by outcome, whether and when a lead is dialed again. Pure.</summary>
internal static class RedialPolicy
{
    /// <summary>Whether a call that ended so says nothing for good about the lead.</summary>
    public static bool MayBeRedialed(string outcome) => outcome is not (Outcomes.Completed or Outcomes.InvalidNumber or Outcomes.Barred);

    /// <summary>The outcomes for which a campaign may have rules.</summary>
    public static IReadOnlyList<string> Redialed { get; } = [.. Outcomes.All.Where(MayBeRedialed)];

    /// <param name="tries">Tries of this lead so far, the ended one included.</param>
    /// <param name="sameOutcomeBefore">How many earlier attempts of this lead ended with the same outcome.</param>
    /// <param name="endedAt">When the attempt ended, or when that was heard if it was later: the delay counts from there.</param>
    /// <param name="retryAfter">The provider's wish; null: none.</param>
    public static AfterAttempt Next(
        string outcome, int tries, int sameOutcomeBefore, DateTimeOffset endedAt, TimeSpan? retryAfter, string timeZone, CampaignRules rules)
    {
        switch (outcome)
        {
            case Outcomes.Completed:
                return new AfterAttempt.Final(LeadStates.Completed, outcome, "Reached.");
            case Outcomes.InvalidNumber:
                return new AfterAttempt.Final(LeadStates.Invalid, outcome, "The network knows no such number.");
            case Outcomes.Barred:
                return new AfterAttempt.Final(LeadStates.Barred, outcome, "The network does not carry calls to this number.");
        }

        if (tries >= rules.MaxAttempts)
            return new AfterAttempt.Final(LeadStates.Exhausted, LeadReasons.TriesUsed,
                rules.MaxAttempts == 1 ? $"The one try was made; it ended {outcome}." : $"All {rules.MaxAttempts} tries were made; the last ended {outcome}.");
        if (!rules.Redial.TryGetValue(outcome, out var rule) || rule.Times == 0)
            return new AfterAttempt.Final(LeadStates.Exhausted, outcome, $"The campaign does not redial after {outcome}.");
        if (sameOutcomeBefore >= rule.Times)
            return new AfterAttempt.Final(LeadStates.Exhausted, outcome, $"Redialed {Counted.Of(rule.Times, "time")} after {outcome}, as the campaign allows.");

        // The minimum gap per person is left to the last look: it knows the calls of all campaigns.
        var wait = retryAfter > rule.After ? retryAfter.Value : rule.After;
        var due = (rule.Within ?? rules.Window).NextOpen(endedAt + wait.Bounded(), timeZone);
        return rules.EndsAt is { } end && due >= end
            ? new AfterAttempt.Final(LeadStates.Canceled, LeadReasons.CampaignEnded, $"The campaign ends at {end:u}, before the redial would be due.")
            : new AfterAttempt.Again(due, $"Ended {outcome}; redial at {due:u}.");
    }
}
