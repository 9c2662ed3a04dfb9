using Microsoft.AspNetCore.Http.HttpResults;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads.Import;
using Outdial.Platform;

namespace Outdial.Pacer.Leads;

/// <summary>Which campaigns take leads.</summary>
internal static class LeadDoor
{
    /// <param name="state">As it is now.</param>
    public static ProblemHttpResult? Refusal(Campaign campaign, string state) =>
        campaign.Mode == CampaignModes.Triggered ? ApiProblem.Conflict("This campaign stands for single calls and takes no list.")
        : ImportStates.OpenCampaigns.Contains(state) ? null
        : ApiProblem.Conflict($"A campaign in state {state} takes no leads any more; expected {string.Join(", ", ImportStates.OpenCampaigns)}.");
}
