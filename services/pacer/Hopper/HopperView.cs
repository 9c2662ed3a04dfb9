using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Waiting;
using Outdial.Platform;

namespace Outdial.Pacer.Hopper;

/// <summary>A campaign's hopper as the API shows it.</summary>
/// <param name="Count">Leads offered and neither dialed nor returned.</param>
/// <param name="Target">How many it should hold with the agents at work.</param>
/// <param name="OfferedSince">When the lead that waits longest in it was offered.</param>
/// <param name="Text">In one sentence: how many wait in it, and why not more.</param>
/// <param name="Waiting">Why the other leads wait, largest group first.</param>
internal sealed record HopperView(
    Guid CampaignId, [OneOf(typeof(CampaignModes))] string Mode, [OneOf(typeof(CampaignStates))] string State, int Count, int Target,
    AgentCounts Agents, DateTimeOffset? OfferedSince, string Text, IReadOnlyList<WaitingLeads> Waiting);

/// <summary>A hopper in words. Pure.</summary>
internal static class HopperWords
{
    public static string Sentence(
        int count, string campaignState, string? pauseReason, AgentCounts agents, IReadOnlyList<WaitingLeads> waiting, DateTimeOffset now)
    {
        var held = $"{count} in hopper";
        if (campaignState != CampaignStates.Running && pauseReason != PauseReasons.OutsideWindow)
            return pauseReason is null ? $"{held}: the campaign is {campaignState}" : $"{held}: the campaign is paused ({pauseReason})";
        if (waiting.Count == 0)
            return $"{held}: no other lead waits";
        var due = waiting.Where(w => w.Reason == LeadReasons.InQueue && w.NextAt <= now).Sum(w => w.Count);
        var others = WaitingWords.Reasons(
            waiting.Where(w => w.Reason != LeadReasons.InQueue || w.NextAt > now), now,
            (count, isFirst) => isFirst && due == 0 ? Leads(count) : $"{count}");
        var could = due == 0 ? null
            : agents.AtWork == 0 ? $"{Leads(due)} could be dialed and no agent is {(agents.SignedIn == 0 ? "signed in" : "at work")}"
            : $"{Leads(due)} {(due == 1 ? "is due and comes" : "are due and come")} as agents take them";
        return $"{held}: {string.Join(", ", new[] { could, others }.Where(part => !string.IsNullOrEmpty(part)))}";
    }

    private static string Leads(int count) => count == 1 ? "1 lead" : $"{count} leads";
}
