using System.ComponentModel.DataAnnotations;

namespace Outdial.Platform;

/// <summary>Section <c>Invariants</c>.</summary>
public sealed class InvariantOptions
{
    public const string Section = "Invariants";

    /// <summary>How often all of them are asked. Real time, default 1 min; zero: only when somebody looks.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after its deadline something is held to be forgotten. On the platform's clock, default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);
}
