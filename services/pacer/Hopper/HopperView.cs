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
        var first = waiting[0];
        var others = waiting.Skip(1).Sum(w => w.Count);
        var rest = others > 0 ? $", {Leads(others)} for other reasons" : "";
        if (first.Reason == LeadReasons.InQueue && first.NextAt <= now && agents.AtWork == 0)
            return $"{held}: {Leads(first.Count)} could be dialed and no agent is {(agents.SignedIn == 0 ? "signed in" : "at work")}{rest}";
        var why = first.Reason == LeadReasons.InQueue && first.NextAt <= now
            ? first.Count == 1 ? "is due and comes as agents take them" : "are due and come as agents take them"
            : WaitingWords.Why(first, now);
        return $"{held}: {Leads(first.Count)} {why}{rest}";
    }

    private static string Leads(int count) => count == 1 ? "1 lead" : $"{count} leads";
}
