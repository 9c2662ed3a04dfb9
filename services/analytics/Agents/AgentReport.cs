using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Analytics.Agents;

/// <summary>How agents spent their signed-in time: sums over the stretches, cut to the time asked for. An open stretch counts up to now.</summary>
internal record AgentTimes
{
    public required long Sessions { get; init; }

    /// <summary>All time between sign-in and sign-out, breaks and the call to the agent included.</summary>
    public required TimeSpan SignedIn { get; init; }

    public required TimeSpan Talk { get; init; }
    public required TimeSpan WrapUp { get; init; }

    /// <summary>Ready, without a lead; also the moments in which nobody is rung who has just not picked up.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>While a lead was dialed for the agent, or the agent's phone rang for a customer.</summary>
    public required TimeSpan Dialing { get; init; }

    public required TimeSpan Previewing { get; init; }
    public required TimeSpan Paused { get; init; }

    /// <summary>While the agent's phone was rung to open the line.</summary>
    public required TimeSpan Calling { get; init; }

    /// <summary>
    /// Conversations that began in the time asked for: of calls that are over those that reached this agent, and those that go on. See the report's
    /// definition.
    /// </summary>
    public required long Calls { get; init; }

    /// <summary>
    /// (<see cref="Talk"/> + <see cref="WrapUp"/>) / <see cref="SignedIn"/>, in [0, 1], four decimals; null when nobody was signed in.
    /// </summary>
    public double? Occupancy =>
        SignedIn == TimeSpan.Zero ? null : Math.Round((Talk + WrapUp) / SignedIn, 4, MidpointRounding.AwayFromZero);

    /// <summary>(<see cref="Talk"/> + <see cref="WrapUp"/>) / <see cref="Calls"/>; null without calls.</summary>
    public TimeSpan? AverageHandleTime => Calls == 0 ? null : (Talk + WrapUp) / Calls;

    /// <summary>
    /// With the talk that no state told: it is taken from the time for which the agent was held to be dialing, then from that
    /// between leads, so that the times still add up to <see cref="SignedIn"/>.
    /// </summary>
    internal AgentTimes With(UnseenTalk more)
    {
        var (dialing, idle) = (Shorter(more.Talk, Dialing), TimeSpan.Zero);
        idle = Shorter(more.Talk - dialing, Idle);
        return this with { Talk = Talk + dialing + idle, Dialing = Dialing - dialing, Idle = Idle - idle };
    }

    internal AgentTimes Plus(AgentTimes other) => Add(other, 1);

    internal AgentTimes Less(AgentTimes other) => Add(other, -1);

    private AgentTimes Add(AgentTimes other, int sign) => this with
    {
        Talk = Talk + sign * other.Talk,
        Dialing = Dialing + sign * other.Dialing,
        Idle = Idle + sign * other.Idle,
        Calls = Calls + sign * other.Calls,
    };

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>One agent's line of the report.</summary>
internal sealed record AgentLine : AgentTimes
{
    public required Guid AgentId { get; init; }
    public required string Name { get; init; }

    /// <summary>The state of the agent's newest session; <c>Ended</c> when signed out.</summary>
    [OneOf(typeof(AgentStates))]
    public required string State { get; init; }
}

/// <summary>Agents at one instant, those who were signed in, by name.</summary>
internal sealed record AgentReport
{
    /// <summary>Null: the campaign's report, from its beginning.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>How occupancy and calls are reckoned, in words.</summary>
    public string Definition => AgentDefinitions.Occupancy + " " + AgentDefinitions.Calls;

    /// <summary>
    /// Conversations of which nobody told with whom; with those of all agents they add up to the connected calls of the campaign's report.
    /// </summary>
    public required long CallsWithoutAgent { get; init; }

    public required AgentTimes Totals { get; init; }
    public required IReadOnlyList<AgentLine> Agents { get; init; }
}

internal static class AgentDefinitions
{
    public const string Occupancy =
        "Occupancy = (time on calls + wrap-up) / signed-in time, breaks included. For one campaign, time between leads counts for "
        + "every campaign that the agent is signed in for, and time with a lead for the lead's campaign only.";

    public const string Calls =
        "Calls = dialed attempts that are over and reached an agent, conversations that go on, and callers who reached one. For a campaign, those of "
        + "all agents that are over, and those without a known agent, are the connected calls of its report.";
}
