using System.Globalization;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.Waiting;

/// <summary>What leads wait for, in words. Pure.</summary>
internal static class WaitingWords
{
    /// <summary>Groups of the same reason and place as one, with their words, largest first.</summary>
    public static List<WaitingLeads> Told(IEnumerable<WaitingLeads> groups, DateTimeOffset now) =>
    [
        .. groups.GroupBy(w => (w.Reason, w.Where, w.TimeZone, w.Law))
            .Select(g => g.First() with { NextAt = g.Min(w => w.NextAt), Count = g.Sum(w => w.Count) })
            .Where(w => w.Count > 0)
            .OrderByDescending(w => w.Count).ThenBy(w => w.NextAt).ThenBy(w => w.Where, StringComparer.Ordinal)
            .Select(w => w with { Text = $"{w.Count} {Why(w, now)}" }),
    ];

    /// <summary>All of it: the campaign's own reason first, then the groups, the largest few.</summary>
    public static string Sentence(
        string campaignState, string? pauseReason, bool hasLeads, IReadOnlyList<WaitingLeads> groups, string? lastDecision)
    {
        const int Most = 6;
        var waiting = groups.Sum(w => w.Count);
        var others = groups.Skip(Most).Sum(w => w.Count);
        var told = string.Join(", ", groups.Take(Most).Select(w => w.Text).Concat(others > 0 ? [$"{others} for other reasons"] : []));
        var leads = !hasLeads ? "the campaign has no leads" : waiting == 0 ? "no lead waits" : told;
        return campaignState switch
        {
            CampaignStates.Running when groups.Any(w => w.Reason == LeadReasons.InQueue) && lastDecision is not null =>
                $"{leads}. Last decision: {lastDecision}.",
            CampaignStates.Running => $"{leads}.",
            CampaignStates.Paused => $"The campaign is paused ({pauseReason}); of its leads: {leads}.",
            _ => $"The campaign is {campaignState}; of its leads: {leads}.",
        };
    }

    /// <summary>Of one lead that nothing holds back.</summary>
    /// <param name="before">Leads that are dialed before it, counted up to <see cref="WhyWaiting.MostLooked"/>.</param>
    public static string InQueue(int before, string? lastDecision)
    {
        var place = before switch
        {
            0 => "it is the next",
            1 => "1 other comes first",
            WhyWaiting.MostLooked => $"{before} others or more come first",
            _ => $"{before} others come first",
        };
        return $"Nothing speaks against dialing it; {place}.{(lastDecision is null ? "" : $" Last decision: {lastDecision}.")}";
    }

    /// <summary>Why a campaign dials nobody.</summary>
    public static string NotRunning(Campaign campaign) => campaign switch
    {
        { PauseReason: PauseReasons.Person } => $"The campaign is paused by {campaign.PausedBy}"
            + $"{(campaign.PauseExplanation is { } why ? $": {why}" : "")}.",
        { PauseReason: { } reason } => $"The campaign is paused ({reason}): {campaign.PauseExplanation ?? $"by {campaign.PausedBy}"}.",
        { State: CampaignStates.Scheduled, ScheduledFor: { } at } => $"The campaign starts at {at:u}.",
        { State: CampaignStates.Draft } => "The campaign is a draft: it has not been started.",
        _ => $"The campaign is {campaign.State}.",
    };

    /// <summary>After a number: what so many leads wait for.</summary>
    public static string Why(WaitingLeads waiting, DateTimeOffset now)
    {
        var next = waiting.NextAt <= now ? "" : $", the first from {Time(waiting, now)}";
        var one = waiting.Count == 1;
        string Say(string single, string several) => one ? single : several;
        return waiting.Reason switch
        {
            LeadReasons.OutsideWindow => $"{Say("waits", "wait")} for {Time(waiting, now)} in {waiting.Where}",
            LeadReasons.LawfulHours when waiting.Law is { } law => $"{Say("waits", "wait")} for {Time(waiting, now)} in {waiting.Where}: {law}",
            LeadReasons.LawfulHours => $"{Say("waits", "wait")} in {waiting.Where} for hours of the campaign at which the law allows the call",
            LeadReasons.ZoneUnknown => $"{Say("waits", "wait")} for {Say("its", "their")} time zone to be named",
            LeadReasons.RedialDelay => $"{Say("waits for its", "wait for their")} redial{next}",
            LeadReasons.CallBack when waiting.NextAt > now => $"{Say("waits for its", "wait for their")} call-back{next}",
            LeadReasons.AwaitingAgent => $"{Say("waits", "wait")} for the agent who promised a call-back",
            LeadReasons.AwaitingMetadata => $"{Say("waits", "wait")} for the look-up of {Say("its number", "their numbers")}",
            LeadReasons.DndUnknown => $"{Say("waits", "wait")} because the do-not-disturb registry cannot be asked",
            LeadReasons.DailyCap => $"had all the calls of a day{next}",
            LeadReasons.MinimumGap => $"{Say("was", "were")} called a short while ago{next}",
            LeadReasons.CoolDown => $"{Say("is", "are")} left alone after a call that reached no agent{next}",
            LeadReasons.PersonBusy => $"{Say("is", "are")} in another call",
            LeadReasons.NoCallerId => $"{Say("waits", "wait")} for a number of ours that may be shown",
            LeadReasons.Skipped when waiting.NextAt > now => $"{Say("was", "were")} skipped by an agent{next}",
            LeadReasons.NotBefore => $"{Say("is", "are")} not to be called yet{next}",
            LeadReasons.OptedOut => $"asked not to be called and {Say("is", "are")} taken off when {Say("its", "their")} turn comes",
            LeadReasons.Withdrawn => $"{Say("was", "were")} withdrawn and {Say("is", "are")} taken off when {Say("its", "their")} turn comes",
            LeadReasons.NotCallable =>
                $"{Say("has a number", "have numbers")} not to be called and {Say("is", "are")} taken off when {Say("its", "their")} turn comes",
            LeadReasons.Dnd => $"{Say("is", "are")} on the do-not-disturb registry and taken off when {Say("its", "their")} turn comes",
            LeadReasons.TriesUsed => $"had all {Say("its", "their")} tries",
            LeadReasons.CampaignEnded => "come too late: the campaign has ended",
            _ when waiting.NextAt > now => $"{Say("is", "are")} due later{next}",
            _ => $"{Say("is", "are")} due and {Say("comes", "come")} in {Say("its", "their")} turn",
        };
    }

    /// <summary>On the leads' own clocks. The day is named where it is a day off.</summary>
    private static string Time(WaitingLeads waiting, DateTimeOffset now) =>
        CallingZones.Clock(waiting.NextAt, waiting.TimeZone)
            .ToString(waiting.NextAt - now < TimeSpan.FromDays(1) ? "HH:mm" : "ddd HH:mm", CultureInfo.InvariantCulture);
}
