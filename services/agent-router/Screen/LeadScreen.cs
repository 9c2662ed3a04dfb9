using Outdial.AgentRouter.Hopper;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Screen;

/// <summary>All that an agent's screen needs of the lead at hand.</summary>
internal sealed record LeadScreen
{
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string? Campaign { get; init; }
    public required Guid LeadId { get; init; }
    public required int AttemptNumber { get; init; }
    public required string Number { get; init; }
    public required string CallerId { get; init; }
    public required string? Circle { get; init; }
    public required string TimeZone { get; init; }
    public required string? ExternalId { get; init; }
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Earlier attempts with their notes, newest first.</summary>
    public required IReadOnlyList<EarlierAttempt> Earlier { get; init; }

    /// <summary>What the agent wrote who promised the call-back.</summary>
    public required string? CallBackNote { get; init; }

    /// <summary>The campaign's codes.</summary>
    public required IReadOnlyList<Disposition> Dispositions { get; init; }

    /// <summary>The lead waits to be accepted or skipped (preview).</summary>
    public required bool Decide { get; init; }

    public static LeadScreen Of(Guid campaignId, CampaignRow? campaign, OfferedLead lead, bool decide) => new()
    {
        AttemptId = lead.AttemptId,
        CampaignId = campaignId,
        Campaign = campaign?.Name,
        LeadId = lead.LeadId,
        AttemptNumber = lead.AttemptNumber,
        Number = lead.Number,
        CallerId = lead.CallerId,
        Circle = lead.Circle,
        TimeZone = lead.TimeZone,
        ExternalId = lead.ExternalId,
        Attributes = lead.Attributes,
        Earlier = lead.Earlier,
        CallBackNote = lead.CallBackNote,
        Dispositions = campaign?.Dispositions ?? [],
        Decide = decide,
    };
}

/// <summary>A step of the lead's call, as the agent's screen is told.</summary>
/// <param name="Stage"><c>dialing</c>, <c>ringing</c>, <c>answered</c>, <c>over</c> or <c>ended</c>.</param>
/// <param name="Outcome">One of <see cref="Outcomes"/>, with <c>ended</c>.</param>
internal sealed record CallStep(Guid AttemptId, string Stage, DateTimeOffset At, string? Outcome = null, TimeSpan? TalkTime = null);
