namespace Outdial.Cli.Api;

/// <summary>How a campaign's agents spent their time.</summary>
public sealed record AgentReport
{
    public AgentTimes Totals { get; init; } = new();

    /// <summary>Conversations of which nobody told with whom.</summary>
    public long CallsWithoutAgent { get; init; }
    public IReadOnlyList<AgentLine> Agents { get; init; } = [];
}

public record AgentTimes
{
    public TimeSpan SignedIn { get; init; }
    public TimeSpan Talk { get; init; }
    public TimeSpan WrapUp { get; init; }
    public TimeSpan Idle { get; init; }
    public TimeSpan Dialing { get; init; }
    public TimeSpan Previewing { get; init; }
    public TimeSpan Paused { get; init; }

    /// <summary>While the agent's phone was rung to open the line.</summary>
    public TimeSpan Calling { get; init; }
    public long Calls { get; init; }

    /// <summary>(talk + wrap-up) / signed-in time, in [0, 1]; null when nobody was signed in.</summary>
    public double? Occupancy { get; init; }

    public TimeSpan? AverageHandleTime { get; init; }
}

public sealed record AgentLine : AgentTimes
{
    public Guid AgentId { get; init; }
    public string Name { get; init; } = "";
}

/// <summary>What became of answered calls in a campaign with agents.</summary>
public sealed record AnsweredCalls
{
    public long Answered { get; init; }

    /// <summary>Those of them that a machine picked up.</summary>
    public long Machines { get; init; }
    public long Connected { get; init; }
    public long NotConnected { get; init; }
    public double? NotConnectedShare { get; init; }
    public long Dropped { get; init; }
    public double? DropRate { get; init; }
    public QueueTimes WaitOfConnected { get; init; } = new(0, null, null, null, null);
    public QueueTimes WaitOfAbandoned { get; init; } = new(0, null, null, null, null);
}

/// <param name="Calls">Those who waited.</param>
public sealed record QueueTimes(long Calls, TimeSpan? Average, TimeSpan? P50, TimeSpan? P95, TimeSpan? Longest);
