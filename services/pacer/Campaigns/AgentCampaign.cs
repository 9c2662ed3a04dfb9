using Outdial.Contracts;

namespace Outdial.Pacer.Campaigns;

/// <summary>A campaign as the router needs to know it.</summary>
internal static class AgentCampaign
{
    /// <summary>Null for a campaign without agents. Published with each change of the campaign's row, whose next version numbers it.</summary>
    public static AgentCampaignChanged? Of(Campaign campaign, DateTimeOffset now) => campaign.Rules.Agents is not { } agents ? null : new()
    {
        EventId = Guid.CreateVersion7(now),
        CampaignId = campaign.CorrelationId,
        Version = campaign.Version + 1,   // the version that the row is about to get
        Name = campaign.Name,
        Account = campaign.Account,
        Mode = campaign.Mode,
        State = campaign.State,
        Purpose = campaign.Purpose,
        AnswerForm = agents.AnswerForm,
        Record = agents.Record,
        RingTimeout = campaign.Rules.RingTimeout,
        MaxConversation = agents.MaxConversation,
        WrapUp = agents.WrapUp,
        PreviewTime = agents.PreviewTime,
        Skill = agents.Skill,
        Dispositions = agents.Dispositions,
        TimeZone = campaign.Rules.TimeZoneNamed == false ? null : campaign.Rules.TimeZone,
        OccurredAt = now,
    };
}
