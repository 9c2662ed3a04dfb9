namespace Outdial.Analytics.Waiting;

/// <summary>How long people who answered waited for an agent. Percentiles are waits that occurred (nearest rank).</summary>
/// <param name="Calls">Those who waited.</param>
/// <param name="Average">Null, as the others, when nobody waited.</param>
/// <param name="P95">Nineteen of twenty waited this long at most.</param>
internal sealed record QueueTimes(long Calls, TimeSpan? Average, TimeSpan? P50, TimeSpan? P95, TimeSpan? Longest);

/// <summary>What became of the answered calls of a campaign with agents. Sums over its ended attempts.</summary>
internal sealed record AnsweredCalls
{
    /// <summary>Picked up, by whomever.</summary>
    public required long Answered { get; init; }

    /// <summary>Those of them that a machine picked up.</summary>
    public required long Machines { get; init; }

    /// <summary>Those of them that reached an agent.</summary>
    public required long Connected { get; init; }

    /// <summary><see cref="Answered"/> − <see cref="Connected"/>.</summary>
    public long NotConnected => Answered - Connected;

    /// <summary><see cref="NotConnected"/> / <see cref="Answered"/>, in [0, 1], four decimals; null when nobody answered.</summary>
    public double? NotConnectedShare => Share(NotConnected, Answered);

    /// <summary>Abandoned by the law's definition: a person answered and heard no agent within the campaign's limit.</summary>
    public required long Dropped { get; init; }

    /// <summary><see cref="Dropped"/> / people who answered (<see cref="Answered"/> − <see cref="Machines"/>), in [0, 1], four decimals.</summary>
    public double? DropRate => Share(Dropped, Answered - Machines);

    /// <summary>How the rates are reckoned, in words.</summary>
    public string Definition => AnsweredDefinitions.Rates;

    /// <summary>Of those who then reached an agent.</summary>
    public required QueueTimes WaitOfConnected { get; init; }

    /// <summary>Of those who waited and reached nobody.</summary>
    public required QueueTimes WaitOfAbandoned { get; init; }

    private static double? Share(long part, long whole) =>
        whole <= 0 ? null : Math.Round((double)part / whole, 4, MidpointRounding.AwayFromZero);
}

internal static class AnsweredDefinitions
{
    public const string Rates =
        "Not connected = answered calls that reached no agent / answered calls. Drop rate = calls that a person answered and that were not "
        + "connected to an agent within the campaign's limit / calls that a person answered.";
}
