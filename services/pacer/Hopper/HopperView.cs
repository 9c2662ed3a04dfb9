using NodaTime;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.Hopper;

/// <summary>A campaign's hopper as the API shows it.</summary>
/// <param name="Count">Leads offered and neither dialed nor returned.</param>
/// <param name="Target">How many it should hold with the agents at work.</param>
/// <param name="OfferedSince">When the lead that waits longest in it was offered.</param>
/// <param name="Text">In one sentence: how many wait in it, and why not more.</param>
/// <param name="Waiting">Why the other leads wait, largest group first.</param>
internal sealed record HopperView(
    Guid CampaignId, [OneOf(typeof(CampaignModes))] string Mode, [OneOf(typeof(CampaignStates))] string State,
    int Count, int Target, AgentCounts Agents, DateTimeOffset? OfferedSince, string Text,
    IReadOnlyList<WaitingLeads> Waiting);

/// <param name="Reason">One of <see cref="LeadReasons"/>.</param>
/// <param name="Where">The circle, or the time zone of leads of no known circle.</param>
/// <param name="NextAt">When the first of them is due; not in the past.</param>
internal sealed record WaitingLeads(string Reason, string Where, string TimeZone, DateTimeOffset NextAt, int Count);

/// <summary>Why leads wait, in words. Pure.</summary>
internal static class HopperWords
{
    /// <summary>Leads that nothing but the hour speaks against wait for the hour, whatever was last noted of them.</summary>
    public static List<WaitingLeads> Classify(IEnumerable<WaitingLeads> waiting, CampaignRules rules, DateTimeOffset now) =>
    [
        .. waiting.Select(w => w.NextAt < now ? w with { NextAt = now } : w)
            .Select(w => rules.Window.IsOpen(w.NextAt, w.TimeZone) ? w
                : w with { Reason = LeadReasons.OutsideWindow, NextAt = rules.Window.NextOpen(w.NextAt, w.TimeZone) })
            .GroupBy(w => (w.Reason, w.Where, w.TimeZone))
            .Select(g => g.First() with { NextAt = g.Min(w => w.NextAt), Count = g.Sum(w => w.Count) })
            .OrderByDescending(w => w.Count).ThenBy(w => w.NextAt).ThenBy(w => w.Where, StringComparer.Ordinal),
    ];

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
        var isDue = first.NextAt <= now && first.Reason != LeadReasons.OutsideWindow;
        if (isDue && agents.AtWork == 0)
            return $"{held}: {Leads(first.Count)} could be dialed and no agent is {(agents.SignedIn == 0 ? "signed in" : "at work")}{rest}";
        return $"{held}: {Leads(first.Count)} {Why(first, isDue)}{rest}";
    }

    private static string Why(WaitingLeads waiting, bool isDue)
    {
        var next = isDue ? "" : $" at {Time(waiting)}";
        return waiting.Reason switch
        {
            LeadReasons.OutsideWindow => $"wait for {Time(waiting)} in {waiting.Where}",
            LeadReasons.RedialDelay => $"wait for their redial, the first{next}",
            LeadReasons.CallBack => $"wait for their call-back, the first{next}",
            LeadReasons.AwaitingAgent => "wait for the agent who promised a call-back",
            LeadReasons.AwaitingMetadata => "wait for circle and do-not-disturb flag",
            LeadReasons.DndUnknown => "wait because the do-not-disturb registry cannot be asked",
            LeadReasons.DailyCap => $"had all the calls of a day, the first may be called{next}",
            LeadReasons.MinimumGap => $"were called a short while ago, the first may be called{next}",
            LeadReasons.PersonBusy => "are in another call",
            LeadReasons.NoCallerId => "wait for a number of ours that may be shown",
            _ => isDue ? "are due and come as agents take them" : $"are due later, the first{next}",
        };
    }

    /// <summary>On the leads' own clocks; of several, on the one that is furthest behind and so opens last.</summary>
    private static string Time(WaitingLeads waiting) =>
        CallingZones.Get(waiting.TimeZone).Min(zone => Instant.FromDateTimeOffset(waiting.NextAt).InZone(zone).LocalDateTime).ToString("HH:mm", null);

    private static string Leads(int count) => count == 1 ? "1 lead" : $"{count} leads";
}
