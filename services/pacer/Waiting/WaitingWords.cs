using System.Globalization;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.Waiting;

/// <summary>What leads wait for, in words. Pure.</summary>
internal static class WaitingWords
{
    /// <summary>A sentence counts so many reasons, and so many places of one, at most.</summary>
    private const int Most = 8, MostPlaces = 4;

    /// <summary>Groups of the same reason and place as one, with their words, largest first.</summary>
    public static List<WaitingLeads> Told(IEnumerable<WaitingLeads> groups, DateTimeOffset now) =>
    [
        .. groups.GroupBy(w => (w.Reason, w.Where, w.TimeZone, w.Law, IsLater(w, now))).Select(AsOne)
            .Where(w => w.Count > 0)
            .OrderByDescending(w => w.Count).ThenBy(w => w.NextAt).ThenBy(w => w.Where, StringComparer.Ordinal)
            .Select(w => w with { Text = $"{w.Count} {Why(w, now)}" }),
    ];

    /// <summary>
    /// Each reason once, with how many it holds back, largest first: for their hours leads wait somewhere, and a few such places are told apart.
    /// </summary>
    /// <param name="count">How many leads, in words: <c>3</c>, or <c>3 leads</c> of the first.</param>
    public static string Reasons(IEnumerable<WaitingLeads> groups, DateTimeOffset now, Func<int, bool, string> count)
    {
        List<(int Count, string Why)> reasons =
        [
            .. groups.GroupBy(w => (w.Reason, IsLater(w, now)))
                .SelectMany(g => IsOfPlace(g.Key.Reason) ? Places([.. g], now) : [ByCount(AsOne(g), now)])
                .OrderByDescending(reason => reason.Count),
        ];
        var told = reasons.Take(Most).Select((reason, at) => $"{count(reason.Count, at == 0)} {reason.Why}");
        var others = reasons.Skip(Most).Sum(reason => reason.Count);
        return string.Join(", ", told.Concat(others > 0 ? [$"{count(others, false)} for other reasons"] : []));
    }

    /// <summary>All of it: the campaign's own reason first, then why its leads wait, and those in the hopper.</summary>
    /// <param name="hopper">Of leads in the hopper, in words; null: there are none.</param>
    public static string Sentence(
        string campaignState, string? pauseReason, bool hasLeads, IReadOnlyList<WaitingLeads> groups, string? hopper, string? lastDecision,
        DateTimeOffset now)
    {
        string[] parts = [Reasons(groups, now, (count, _) => $"{count}"), hopper ?? ""];
        var told = string.Join(", ", parts.Where(part => part.Length > 0));
        var leads = !hasLeads ? "the campaign has no leads" : told.Length == 0 ? "no lead waits" : told;
        return campaignState switch
        {
            CampaignStates.Running when groups.Any(w => w.Reason == LeadReasons.InQueue) && lastDecision is not null =>
                $"{leads}. Last decision: {lastDecision}.",
            CampaignStates.Running => $"{leads}.",
            CampaignStates.Paused => $"The campaign is paused ({pauseReason}); of its leads: {leads}.",
            _ => $"The campaign is {campaignState}; of its leads: {leads}.",
        };
    }

    /// <summary>Of a lead with an open attempt, whose person an earlier call had reached; null: of any other.</summary>
    public static string? Settled(Lead lead) => lead is { State: LeadStates.Dialing, Settled: { } settled }
        ? $"{settled} It is completed as soon as {(lead.Reason == LeadReasons.InHopper ? "it comes back from the hopper" : "the call is over")}."
        : null;

    /// <summary>Of one lead in the hopper.</summary>
    public static string InHopper(AgentCounts agents) => agents switch
    {
        { SignedIn: 0 } => "It waits in the hopper for an agent of the campaign: none is signed in.",
        { AtWork: 0 } => "It waits in the hopper for an agent of the campaign: "
            + $"{Counted.Are(agents.SignedIn, "agent")} signed in, and none at work.",
        _ => "It waits in the hopper for the next free agent's line.",
    };

    /// <summary>Of so many leads in the hopper; null: there are none.</summary>
    public static string? InHopper(int count, AgentCounts agents)
    {
        if (count == 0)
            return null;
        var (are, wait) = count == 1 ? ("is", "waits") : ("are", "wait");
        return agents.AtWork > 0 ? $"{count} {wait} in the hopper for the next free agent"
            : $"{count} {are} in the hopper and no agent is {(agents.SignedIn == 0 ? "signed in" : "at work")}";
    }

    /// <summary>In the queue and not due: another thing than being due.</summary>
    private static bool IsLater(WaitingLeads waiting, DateTimeOffset now) => waiting.Reason == LeadReasons.InQueue && waiting.NextAt > now;

    private static bool IsOfPlace(string reason) => reason is LeadReasons.OutsideWindow or LeadReasons.LawfulHours;

    private static WaitingLeads AsOne(IEnumerable<WaitingLeads> same)
    {
        WaitingLeads[] all = [.. same];
        return all[0] with { NextAt = all.Min(w => w.NextAt), LastAt = all.Max(w => w.LastAt), Count = all.Sum(w => w.Count) };
    }

    private static (int Count, string Why) ByCount(WaitingLeads waiting, DateTimeOffset now) => (waiting.Count, Why(waiting, now));

    /// <summary>Of one reason: circles whose hours begin together are one place, and many places have a first and a last.</summary>
    private static IEnumerable<(int Count, string Why)> Places(IReadOnlyList<WaitingLeads> groups, DateTimeOffset now)
    {
        List<WaitingLeads> places =
        [
            .. groups.GroupBy(w => (w.TimeZone, w.NextAt, w.Law)).Select(g => g.Select(w => w.Where).Distinct().Count() == 1
                ? AsOne(g) : AsOne(g) with { Where = CallingZones.Shown(g.Key.TimeZone) }),
        ];
        if (places.Count <= MostPlaces)
            return places.Select(place => ByCount(place, now));
        var (first, last) = (places.MinBy(w => w.NextAt)!, places.MaxBy(w => w.NextAt)!);
        var whose = first.Reason == LeadReasons.LawfulHours ? "hours at which the law allows the call" : "their hours";
        return [(places.Sum(w => w.Count), $"wait for {whose} in {places.Count} places, the first for {Local(first, now)} in {first.Where}, "
            + $"the last for {Local(last, now)} in {last.Where}")];
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
        var times = Times(waiting, now);
        var next = times.Length == 0 ? "" : $", {times}";
        var one = waiting.Count == 1;
        string Say(string single, string several) => one ? single : several;
        return waiting.Reason switch
        {
            LeadReasons.OutsideWindow => $"{Say("waits", "wait")} for {Local(waiting, now)} in {waiting.Where}",
            LeadReasons.LawfulHours when waiting.Law is { } law => $"{Say("waits", "wait")} for {Local(waiting, now)} in {waiting.Where}: {law}",
            LeadReasons.LawfulHours => $"{Say("waits", "wait")} in {waiting.Where} for hours of the campaign at which the law allows the call",
            LeadReasons.ZoneUnknown => $"{Say("waits", "wait")} for {Say("its", "their")} time zone to be named",
            LeadReasons.RedialDelay => $"{Say("waits for its", "wait for their")} redial{next}",
            LeadReasons.CallBack when waiting.NextAt > now => $"{Say("waits for its", "wait for their")} call-back{next}",
            LeadReasons.AwaitingAgent => $"{Say("waits", "wait")} for the agent who promised a call-back",
            LeadReasons.AwaitingMetadata => $"{Say("waits", "wait")} for the look-up of {Say("its number", "their numbers")}",
            LeadReasons.DndUnknown => $"{Say("waits", "wait")} because the do-not-disturb registry cannot be asked",
            LeadReasons.DailyCap =>
                $"had all the calls of a day{(times.Length == 0 ? "" : $" and may be called again {times}")}",
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

    /// <summary>From when they may be dialed, in UTC; empty: now.</summary>
    private static string Times(WaitingLeads waiting, DateTimeOffset now)
    {
        if (waiting.LastAt <= now && waiting.NextAt <= now)
            return "";
        var (first, last) = (Utc(waiting.NextAt), Utc(waiting.LastAt));
        return waiting.NextAt <= now ? $"the last from {last} UTC"
            : waiting.Count == 1 || first == last || waiting.LastAt < waiting.NextAt ? $"from {first} UTC"
            : $"the first from {first} UTC, the last from {last} UTC";

        string Utc(DateTimeOffset at) => at.UtcDateTime.ToString(Format(at, now), CultureInfo.InvariantCulture);
    }

    /// <summary>On the leads' own clocks: the place is named with it.</summary>
    private static string Local(WaitingLeads waiting, DateTimeOffset now) =>
        CallingZones.Clock(waiting.NextAt, waiting.TimeZone).ToString(Format(waiting.NextAt, now), CultureInfo.InvariantCulture);

    /// <summary>The day is named where it is a day off, the date where it is a week.</summary>
    private static string Format(DateTimeOffset at, DateTimeOffset now) => (at - now).TotalDays switch
    {
        < 1 => "HH:mm",
        < 7 => "ddd HH:mm",
        _ => "yyyy-MM-dd HH:mm",
    };
}
