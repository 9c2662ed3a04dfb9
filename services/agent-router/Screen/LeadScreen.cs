using Outdial.AgentRouter.Hopper;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Screen;

/// <summary>All that an agent's screen needs of the lead at hand.</summary>
/// <param name="Earlier">Earlier attempts with their notes, newest first.</param>
/// <param name="CallBackNote">What the agent wrote who promised the call-back.</param>
/// <param name="Dispositions">The campaign's codes.</param>
/// <param name="Decide">The lead waits to be accepted or skipped (preview).</param>
internal sealed record LeadScreen(
    Guid AttemptId, Guid CampaignId, string? Campaign, Guid LeadId, int AttemptNumber, string Number, string CallerId, string? Circle,
    string TimeZone, string? ExternalId, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<EarlierAttempt> Earlier, string? CallBackNote,
    IReadOnlyList<Disposition> Dispositions, bool Decide)
{
    public static LeadScreen Of(Guid campaignId, CampaignRow? campaign, OfferedLead lead, bool decide) => new(
        lead.AttemptId, campaignId, campaign?.Name, lead.LeadId, lead.AttemptNumber, lead.Number, lead.CallerId, lead.Circle, lead.TimeZone,
        lead.ExternalId, lead.Attributes, lead.Earlier, lead.CallBackNote, campaign?.Dispositions ?? [], decide);
}

/// <summary>A step of the lead's call, as the agent's screen is told.</summary>
/// <param name="Stage"><c>dialing</c>, <c>ringing</c>, <c>answered</c>, <c>over</c> or <c>ended</c>.</param>
/// <param name="Outcome">One of <see cref="Outcomes"/>, with <c>ended</c>.</param>
internal sealed record CallStep(Guid AttemptId, string Stage, DateTimeOffset At, string? Outcome = null, TimeSpan? TalkTime = null);
