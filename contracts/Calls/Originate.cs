namespace Outdial.Contracts;

/// <summary>
/// Place this attempt now. The attempt is already written; exactly one issuer consumes this, spends the account's
/// budget and makes at most one request to the provider.
/// </summary>
public record OriginateCall
{
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid LeadId { get; init; }
    public required string Account { get; init; }

    /// <summary>After this instant the attempt is dropped undialed: the look at window and lists is too old.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The provider accepted the request. It does not mean that anything rings.</summary>
public record CallOriginated
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>The call was not placed: the provider said no, or the attempt was no longer wanted. Nobody's phone rang.</summary>
public record CallRefused
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Account { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>One of <see cref="Outcomes"/>: <c>ProviderError</c>, <c>Barred</c>, <c>InvalidNumber</c> or <c>Canceled</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>In words, without personal data.</summary>
    public required string Reason { get; init; }

    /// <summary>The provider's HTTP status, where there was one.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Not again before this long after <see cref="OccurredAt"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the refusal says nothing about the lead (throttled, expired, credit): the lead keeps its try.</summary>
    public bool LeadKeepsTry { get; init; }
}

/// <summary>The request was sent and its answer lost. The call may or may not exist; the provider's records decide.</summary>
public record CallUncertain
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Account { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required string Reason { get; init; }
}

/// <summary>The provider's records know no such call, long enough after the request: it was never placed.</summary>
public record CallNotFound
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Account { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required string Reason { get; init; }
}
