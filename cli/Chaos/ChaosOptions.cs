namespace Outdial.Cli.Chaos;

/// <summary>How long and how hard.</summary>
public sealed record ChaosOptions
{
    public const double DefaultSpeed = 15;

    /// <summary>Of the people, the provider's faults and the script.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How long things are done to the platform, in real time; null: the short script, once.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>Leads of each notification campaign; another one begins when most of the one before are done.</summary>
    public int Leads { get; init; } = 400;

    /// <summary>Agents of the progressive campaign beside them.</summary>
    public int Agents { get; init; } = 5;

    /// <summary>Virtual seconds per real second.</summary>
    public double Speed { get; init; } = DefaultSpeed;

    /// <summary>Of each service behind the gateway.</summary>
    public IReadOnlyDictionary<string, int> Replicas { get; init; } = new Dictionary<string, int> { ["pacer"] = 2, ["agent-router"] = 2, ["ingress"] = 2 };

    /// <summary>For the data and logs of the run.</summary>
    public required string Folder { get; init; }
}
