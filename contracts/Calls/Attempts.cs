namespace Outdial.Contracts;

/// <summary>An attempt was written, before the provider hears of it. Published by the pacer with the row.</summary>
public record AttemptStarted
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid LeadId { get; init; }
    public required string Account { get; init; }

    /// <summary>1 for the first try of this lead.</summary>
    public required int AttemptNumber { get; init; }

    public required string CallerId { get; init; }

    /// <summary>Circle of the lead's number; null when it is not known.</summary>
    public string? Circle { get; init; }

    /// <summary>Circle of the caller ID; null for numbers of no circle.</summary>
    public string? CallerIdCircle { get; init; }

    /// <summary>The campaign's mode, such as <c>progressive</c>; null from a service that did not tell yet.</summary>
    public string? Mode { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// An attempt reached its one outcome. Published by the pacer in the transaction that closes the attempt; this, not the raw
/// provider event, is what reports count. Published once more when a later word changed what had been told: of several, that of the
/// highest <see cref="Revision"/> stands.
/// </summary>
public record AttemptEnded
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid LeadId { get; init; }
    public required string Account { get; init; }
    public string? ProviderCallId { get; init; }
    public required int AttemptNumber { get; init; }
    public required string CallerId { get; init; }
    public string? Circle { get; init; }
    public string? CallerIdCircle { get; init; }

    /// <summary>One of <see cref="Outcomes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>True when the provider may have rung the phone; false for refusals and expired attempts.</summary>
    public required bool Dialed { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Who picked up (<c>human</c>, <c>machine</c>, …); null when nobody told.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>When the answered lead began to wait for an agent; null: did not wait, or nobody told.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>When lead and agent heard each other; null: never.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>The agent who talked, or for whom it was dialed.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>The campaign's mode, such as <c>progressive</c>; null from a service that did not tell yet.</summary>
    public string? Mode { get; init; }

    /// <summary>Abandoned by the law's definition: a person answered and heard no agent within the campaign's limit.</summary>
    public bool Dropped { get; init; }

    /// <summary>When the call ended, by the provider's clock where it told.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    public TimeSpan? TalkTime { get; init; }

    /// <summary>A recording of the call was named already; null from a service that did not tell.</summary>
    public bool? HasRecording { get; init; }

    /// <summary>IANA zone in which "hour of the day" is reckoned for this lead; several, parted by commas, where it is not known which.</summary>
    public required string TimeZone { get; init; }

    /// <summary><c>webhook</c>, <c>reconciliation</c>, <c>platform</c>, or <see cref="EndSources.Inferred"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Grows from one telling of the same attempt to the next; 0 from a service that does not count.</summary>
    public int Revision { get; init; }
}
