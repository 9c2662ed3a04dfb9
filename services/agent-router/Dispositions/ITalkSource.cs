using Outdial.Contracts;

namespace Outdial.AgentRouter.Dispositions;

/// <summary>A lead that an agent talks or talked to.</summary>
/// <param name="AgentId">Who; null: nobody yet.</param>
public sealed record Talk(Guid AttemptId, Guid CampaignId, Guid LeadId, Guid? AgentId, OfferedLead Lead);

/// <summary>Finds attempts that are not in the hopper (customers who were called first), for screens and dispositions.</summary>
public interface ITalkSource
{
    /// <summary>Null: not known here.</summary>
    Task<Talk?> FindAsync(Guid attemptId, CancellationToken cancel);
}
