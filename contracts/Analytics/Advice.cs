namespace Outdial.Contracts;

/// <summary>The completion rate of a running campaign over its last terminal attempts moved. Advice to the pacer.</summary>
public record CompletionRateChanged
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }

    /// <summary>Attempts that ended Completed / attempts that reached a terminal state and were dialed, in [0, 1].</summary>
    public required double Rate { get; init; }

    /// <summary>How many terminal attempts the rate is taken over.</summary>
    public required int Attempts { get; init; }

    /// <summary>True when the watched window is full.</summary>
    public required bool WindowFull { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
