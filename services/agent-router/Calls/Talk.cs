using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls;

/// <summary>A lead that an agent talks or talked to.</summary>
/// <param name="AgentId">Who; null: nobody yet.</param>
internal sealed record Talk(Guid AttemptId, Guid CampaignId, Guid LeadId, Guid? AgentId, OfferedLead Lead);
