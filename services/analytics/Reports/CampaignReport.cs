using Outdial.Analytics.Agents;
using Outdial.Analytics.Campaigns;
using Outdial.Analytics.Inbound;
using Outdial.Analytics.Waiting;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Analytics.Reports;

/// <summary>Sums over a set of attempts.</summary>
internal record Sums
{
    /// <summary>All attempts that were written.</summary>
    public required long Attempts { get; init; }

    /// <summary>Not ended yet.</summary>
    public required long Open { get; init; }

    /// <summary>Ended without a phone that rang: refused by the provider, barred, expired, canceled. No part of the rate.</summary>
    public required long Refused { get; init; }

    /// <summary>Ended after the provider may have rung the phone.</summary>
    public required long Dialed { get; init; }

    /// <summary>Dialed and ended <c>Completed</c>.</summary>
    public required long Completed { get; init; }

    /// <summary><see cref="Completed"/> / <see cref="Dialed"/>, in [0, 1], four decimals; null when nothing was dialed.</summary>
    public double? CompletionRate => Dialed == 0 ? null : Math.Round((double)Completed / Dialed, 4, MidpointRounding.AwayFromZero);

    /// <summary>
    /// Of all conversations together: as the provider tells it, in its final word or its records, and where it does not (see <see cref="TalkSeen"/>)
    /// from the connection to the end.
    /// </summary>
    public required TimeSpan TalkTime { get; init; }

    /// <summary>
    /// Conversations of which the provider tells no talk: of <see cref="TalkTime"/>, those measured from connection to end as we saw them.
    /// </summary>
    public required long TalkSeen { get; init; }

    /// <summary>
    /// Conversations of unknown length: the provider tells no talk, and their end was found by asking for calls of which nothing was heard any more.
    /// <see cref="TalkTime"/> lacks them.
    /// </summary>
    public required long TalkUnknown { get; init; }

    /// <summary>What the provider billed so far, in the account's currency; null when it told the price of none of the calls that it rang.</summary>
    public required decimal? Cost { get; init; }

    /// <summary>Dialed attempts whose price the provider has not told: <see cref="Cost"/> lacks them.</summary>
    public required long WithoutPrice { get; init; }
}

/// <summary>The sums of one group, such as one circle.</summary>
internal sealed record Group : Sums
{
    /// <summary>Circle, caller ID, hour of the day or attempt number, as a text; <c>unknown</c> where it is not known.</summary>
    public required string Key { get; init; }
}

/// <summary>The sums of one circle, apart for caller IDs of the same circle and of others.</summary>
internal sealed record MatchGroup : Sums
{
    /// <summary>The lead's circle; <c>unknown</c> where it is not known.</summary>
    public required string Circle { get; init; }

    /// <summary><c>yes</c>, <c>no</c>, <c>none</c> (the caller ID has no circle) or <c>unknown</c> (the lead's is not known).</summary>
    public required string Match { get; init; }
}

/// <param name="Dialed">False: it ended so without a phone that rang.</param>
/// <param name="Share">Of all ended attempts, in [0, 1], four decimals.</param>
internal sealed record OutcomeCount([OneOf(typeof(Outcomes))] string Outcome, bool Dialed, long Attempts, double Share);

/// <summary>Tries after the first.</summary>
/// <param name="Attempts">Attempts with a number above 1.</param>
/// <param name="Completed">Those of them that ended Completed.</param>
internal sealed record Retries(long Attempts, long Completed);

/// <summary>Leads as far as their attempts show them; a lead that was never tried has none.</summary>
/// <param name="Tried">Leads with at least one attempt.</param>
/// <param name="Dialed">Leads with at least one dialed attempt.</param>
/// <param name="Answered">Leads that picked up at least once, by outcome or by answer time.</param>
/// <param name="Completed">Leads with a Completed attempt.</param>
/// <param name="InCall">Leads with an open attempt.</param>
internal sealed record LeadFunnel(long Tried, long Dialed, long Answered, long Completed, long InCall);

/// <summary>Everything about one campaign at one instant: sums over rows, made when asked.</summary>
internal sealed record CampaignReport
{
    public required Guid CampaignId { get; init; }
    public string? Name { get; init; }

    /// <summary><c>Running</c>, <c>Paused</c>, <c>Completed</c> or <c>Stopped</c>; null before the first event.</summary>
    [OneOf(typeof(CampaignStates))]
    public string? State { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>How the completion rate is reckoned, in words.</summary>
    public string Definition => CompletionRate.Definition;

    public required Sums Totals { get; init; }
    public required Retries Retries { get; init; }
    public required LeadFunnel Leads { get; init; }
    public required IReadOnlyList<OutcomeCount> Outcomes { get; init; }
    public required IReadOnlyList<Group> ByCircle { get; init; }
    public required IReadOnlyList<MatchGroup> ByCircleMatch { get; init; }
    public required IReadOnlyList<Group> ByCallerId { get; init; }

    /// <summary>By the hour at which the call was started in the lead's own zone, <c>0</c> to <c>23</c>.</summary>
    public required IReadOnlyList<Group> ByHour { get; init; }

    public required IReadOnlyList<Group> ByAttempt { get; init; }
    public required IReadOnlyList<Pause> Pauses { get; init; }

    /// <summary>All pauses together.</summary>
    public required TimeSpan PausedTime { get; init; }

    /// <summary>Answered calls and how long people waited; null for a campaign without agents.</summary>
    public AnsweredCalls? Queue { get; init; }

    /// <summary>How the agents' time was spent, all together; null when no agent was there. Each one: <c>…/agents</c>.</summary>
    public AgentTimes? Agents { get; init; }

    /// <summary>Customers who called back; null when nobody did.</summary>
    public InboundSums? Inbound { get; init; }
}

internal static class CompletionRate
{
    public const string Definition =
        "Completion rate = attempts that ended Completed / attempts that reached a terminal state after the provider may have "
        + "rung the phone. Attempts that ended without a phone that rang are listed as refused and are no part of the rate.";
}
