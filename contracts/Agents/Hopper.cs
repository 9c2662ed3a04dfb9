namespace Outdial.Contracts;

/// <summary>
/// Leads that are ready to be dialed, offered by the pacer to the router. Each has its attempt written already, in state
/// <see cref="CallStates.Offered"/>; the router answers each with one <see cref="LeadDialed"/> or one <see cref="LeadReturned"/>.
/// </summary>
public record HopperFilled
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }
    public required IReadOnlyList<OfferedLead> Leads { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>All that a dialer and an agent's screen need of one lead.</summary>
public record OfferedLead
{
    public required Guid AttemptId { get; init; }
    public required Guid LeadId { get; init; }
    public required int AttemptNumber { get; init; }

    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary>The number of ours that the lead sees, chosen by circle, E.164.</summary>
    public required string CallerId { get; init; }

    public string? Circle { get; init; }

    /// <summary>IANA; several, parted by commas, where it is not known which.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Higher is dialed first; ties by <see cref="DueAt"/>, then attempt id.</summary>
    public required int Priority { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Not dialed from then on: the calling window closes, or the look at lists and window is too old.</summary>
    public required DateTimeOffset DialUntil { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>The uploaded columns, as text.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Earlier attempts, newest first.</summary>
    public IReadOnlyList<EarlierAttempt> Earlier { get; init; } = [];

    /// <summary>Only this agent dials it (a personal call-back); null: anyone.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>What the agent wrote who promised the call-back.</summary>
    public string? CallBackNote { get; init; }
}

public record EarlierAttempt
{
    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="Outcomes"/>.</summary>
    public required string Outcome { get; init; }

    public TimeSpan? TalkTime { get; init; }
    public Guid? AgentId { get; init; }
    public string? Disposition { get; init; }
    public string? Note { get; init; }
}

/// <summary>
/// Hand these offered leads back unless they are dialed already. Each named attempt is answered by <see cref="LeadReturned"/> or
/// <see cref="LeadDialed"/>, also when the router has told before or never heard of it: the pacer asks because it is not sure.
/// </summary>
public record ReturnLeads
{
    public required Guid CampaignId { get; init; }

    /// <summary>Null: all of the campaign that still wait in the hopper.</summary>
    public IReadOnlyList<Guid>? AttemptIds { get; init; }

    public required string Reason { get; init; }
}

/// <summary>The router gave this lead to a line: its phone may ring from now on. Published with the row that says so.</summary>
public record LeadDialed
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid LeadId { get; init; }
    public required string Account { get; init; }
    public required Guid AgentId { get; init; }
    public required Guid SessionId { get; init; }

    /// <summary>The provider's id of the agent's line, shared by all leads of the session.</summary>
    public required string ProviderCallId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The lead goes back undialed; nobody's phone rang. Final for this attempt.</summary>
public record LeadReturned
{
    public required Guid EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid LeadId { get; init; }

    /// <summary>In words: the campaign paused, the router shut down, the agent skipped it because …</summary>
    public required string Reason { get; init; }

    /// <summary>The agent who skipped it in preview; null: nobody did.</summary>
    public Guid? SkippedBy { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The campaign's hopper runs low: the pacer looks at once instead of at its next pulse.</summary>
public record HopperLow
{
    public required Guid CampaignId { get; init; }
    public required int Left { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// What the router needs to know of a campaign with agents, whole, each time something of it changes. Of two, the one with the
/// higher <see cref="Version"/> is newer.
/// </summary>
public record AgentCampaignChanged
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }
    public required long Version { get; init; }
    public required string Name { get; init; }
    public required string Account { get; init; }

    /// <summary><c>progressive</c>, <c>preview</c> or <c>power</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>One of <see cref="CampaignStates"/>. In any but Running nothing is dialed.</summary>
    public required string State { get; init; }

    /// <summary>One of <see cref="Purposes"/>: which suppressions hold.</summary>
    public required string Purpose { get; init; }

    /// <summary>How DialWhom is answered: <c>text</c> or <c>json</c>.</summary>
    public string AnswerForm { get; init; } = "json";

    public bool Record { get; init; }
    public TimeSpan RingTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan? MaxConversation { get; init; }
    public TimeSpan WrapUp { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a previewed lead may be looked at before it goes back.</summary>
    public TimeSpan PreviewTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The skill an agent needs; null: none.</summary>
    public string? Skill { get; init; }

    public IReadOnlyList<Disposition> Dispositions { get; init; } = [];

    /// <summary>IANA name of the zone that was named for it, in whose country its people are; null: none was.</summary>
    public string? TimeZone { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <param name="Code">Short, unique in the campaign, such as <c>interested</c>.</param>
/// <param name="AsksCallBack">The agent must name a time to call again.</param>
public record Disposition(string Code, string Label, bool AsksCallBack = false);

/// <summary>A person must not be called any more, for one purpose or for all.</summary>
public record NumberSuppressed
{
    public required Guid EventId { get; init; }

    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary><c>all</c>, or one of <see cref="Purposes"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>True when the suppression was taken back.</summary>
    public bool Lifted { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// A customer-first call with agents was ordered (power mode): the router learns whom it is about before the customer answers.
/// </summary>
public record CustomerCallPlaced
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Account { get; init; }
    public required OfferedLead Lead { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
