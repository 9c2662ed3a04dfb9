using System.Globalization;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.Pacing;

/// <summary>All that speaks for or against calling one lead at one instant.</summary>
internal sealed record LeadFacts
{
    public required string TimeZone { get; init; }

    /// <summary>What the law of each country says in which the lead may be; empty: nothing, of calls of the campaign's purpose.</summary>
    public required IReadOnlyList<CountryHours> Law { get; init; }

    /// <summary>Who took the lead back, and why, in words; null: nobody did.</summary>
    public string? Withdrawal { get; init; }

    /// <summary>An earlier call reached the person, in words; null: none did.</summary>
    public string? Settled { get; init; }

    /// <summary>What the number would have to be, if it is none that may be called; null: it is.</summary>
    public string? NotCallable { get; init; }

    public required int Tries { get; init; }

    /// <summary>How the lead's last attempt ended; null: it had none.</summary>
    public required string? LastOutcome { get; init; }

    public required bool Suppressed { get; init; }

    /// <summary>Enrichment has answered, be it with "unknown" or "unavailable".</summary>
    public required bool MetadataKnown { get; init; }

    /// <summary>
    /// Consent is held, and the circle that tells which number of ours is seen is being looked up: for so long at most. Null: it is not waited for.
    /// </summary>
    public TimeSpan? AwaitsCircle { get; init; }

    /// <summary>On the do-not-disturb registry; null: the registry's answer is not to be had.</summary>
    public required bool? Dnd { get; init; }

    public required DateTimeOffset? MetadataAsOf { get; init; }
    public required bool PersonBusy { get; init; }

    /// <summary>When this person was called lately (25 hours suffice), over all campaigns.</summary>
    public required IReadOnlyList<DateTimeOffset> PersonTries { get; init; }

    /// <summary>Those of them of which it is known that the phone rang; the others count because it may have.</summary>
    public IReadOnlyList<DateTimeOffset> PersonRings { get; init; } = [];

    /// <summary>When this person's last call was over, or when that was heard if it was later, over all campaigns.</summary>
    public required DateTimeOffset? PersonLastCallEnded { get; init; }

    /// <summary>It was promised to this person: tries, gaps and caps do not hold it back; window, opt-out and registry do.</summary>
    public bool CallBack { get; init; }

    /// <summary>The same of the last call that reached no agent.</summary>
    public DateTimeOffset? PersonLastAbandoned { get; init; }

    /// <summary>The call-back is owed for a missed call: tries and gaps do not hold it back, the caps of the person do.</summary>
    public bool CallBackWithinCaps { get; init; }
}

/// <summary>What the last look found: dial, wait for a reason, or never.</summary>
internal abstract record LookVerdict
{
    private LookVerdict() { }

    public sealed record Dial : LookVerdict;

    public sealed record Hold(string Reason, string Text, DateTimeOffset Until) : LookVerdict;

    public sealed record Never(string State, string Reason, string Text) : LookVerdict;
}

/// <summary>
/// Law 7: do-not-disturb, opt-out, calling window, caps and gaps are checked at the moment of dialing, in the transaction that
/// writes the attempt. Pure: the same facts give the same verdict.
/// </summary>
internal static class LastLook
{
    private static readonly TimeSpan LookAgainForCircle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgainForDnd = TimeSpan.FromMinutes(30);

    /// <summary>
    /// What the lead's own row, its campaign, the list of suppressions and the hours tell, which is all that is known of leads in a long list. Null:
    /// none of them speaks against calling it.
    /// </summary>
    public static LookVerdict? CheckListed(LeadFacts lead, CampaignRules rules, DateTimeOffset now)
    {
        if (rules.EndsAt is { } end && now >= end)
            return new LookVerdict.Never(LeadStates.Canceled, LeadReasons.CampaignEnded, $"The campaign ended at {end:u}.");
        if (lead.Settled is { } settled)
            return new LookVerdict.Never(LeadStates.Completed, Outcomes.Completed, settled);
        if (lead.Withdrawal is { } withdrawal)
            return new LookVerdict.Never(LeadStates.Canceled, LeadReasons.Withdrawn, withdrawal);
        if (lead.Suppressed)
            return new LookVerdict.Never(LeadStates.OptedOut, LeadReasons.OptedOut, "The person asked not to be called.");
        if (lead.Tries >= rules.MaxAttempts && !lead.CallBack)
        {
            return new LookVerdict.Never(LeadStates.Exhausted, LeadReasons.TriesUsed,
                rules.MaxAttempts == 1 ? "The one try was made." : $"All {rules.MaxAttempts} tries were made.");
        }

        return CheckHours(rules.Window, lead.Law, lead.TimeZone, now);
    }

    public static LookVerdict Check(LeadFacts lead, CampaignRules rules, DateTimeOffset now)
    {
        if (CheckListed(lead, rules, now) is { } listed)
            return listed;
        // Counted in a long list, leads outside of their hours are judged by their rows alone, which do not tell it.
        if (lead.NotCallable is { } expected)
            return new LookVerdict.Never(LeadStates.Barred, LeadReasons.NotCallable, $"The number is not to be called: expected {expected}.");
        if (CheckKnown(lead, rules, now) is { } unknown)
            return unknown;

        if (!lead.CallBack && RedialHours(lead, rules) is { } hours && !hours.IsOpen(now, lead.TimeZone))
        {
            return hours.FirstOpen(now, lead.TimeZone) is { } open
                ? new LookVerdict.Hold(
                    LeadReasons.OutsideWindow, $"Redials after {lead.LastOutcome} have hours of their own; the next begin at {open:u}.", open)
                : new LookVerdict.Hold(LeadReasons.ZoneUnknown, LeadReasons.ZoneUnknownText(lead.TimeZone), hours.NextOpen(now, lead.TimeZone));
        }

        if (CheckDnd(lead, rules, now) is { } dnd)
            return dnd;
        if (lead.PersonBusy)
            return new LookVerdict.Hold(LeadReasons.PersonBusy, "Another call to this person is not over.", now + LookAgain);
        return (lead is { CallBack: true, CallBackWithinCaps: false } ? null : CheckCaps(lead, rules, now)) ?? new LookVerdict.Dial();
    }

    /// <summary>In words, what a lead waits for whose consent is held.</summary>
    public static string CircleAwaited(TimeSpan wait) =>
        $"Its circle is being looked up, so that it sees a local number; dialed without after {wait.TotalSeconds:0} s.";

    /// <summary>Why somebody who lives in one of these zones may not be called now; null: they may.</summary>
    public static LookVerdict.Hold? CheckHours(CallingWindow window, IReadOnlyList<CountryHours> law, string zones, DateTimeOffset now)
    {
        var lawful = window.Within(law.Select(each => each.Hours));
        if (lawful.IsOpen(now, zones))
            return null;
        var open = lawful.FirstOpen(now, zones);
        if (window.IsOpen(now, zones) || (open is null && window.IsEverOpen(now, zones)))
            return new(LeadReasons.LawfulHours, LawText(law, zones, open), open ?? lawful.NextOpen(now, zones));
        return open is not null
            ? new(LeadReasons.OutsideWindow, $"Not a calling hour in {zones}; the next begins at {open:u}.", open.Value)
            : new(LeadReasons.ZoneUnknown, LeadReasons.ZoneUnknownText(zones), lawful.NextOpen(now, zones));
    }

    private static string LawText(IReadOnlyList<CountryHours> law, string zones, DateTimeOffset? open)
    {
        var shown = CallingZones.Shown(zones);
        var says = CountryHours.Told(law);
        return open is { } at
            ? $"Waits for {CallingZones.Clock(at, zones).ToString("HH:mm", CultureInfo.InvariantCulture)} in {shown}: {says}."
            : $"In {shown} the campaign's hours are never on when the law allows the call: {says}. "
                + "Change the campaign's window, or say in which time zone the person lives (PUT /api/v1/leads/{id}/time-zone).";
    }

    private static CallingWindow? RedialHours(LeadFacts lead, CampaignRules rules) =>
        lead.LastOutcome is { } outcome && rules.Redial.TryGetValue(outcome, out var rule) ? rule.Within : null;

    /// <summary>Whether its number tells enough: the pulse does not come to leads whose number does not.</summary>
    private static LookVerdict.Hold? CheckKnown(LeadFacts lead, CampaignRules rules, DateTimeOffset now) => rules.Dnd == "consented"
        ? lead.AwaitsCircle is { } wait
            ? new(LeadReasons.AwaitingMetadata, CircleAwaited(wait), now + LookAgainForCircle)
            : null
        : lead.MetadataKnown ? null
            : new(LeadReasons.AwaitingMetadata, "Circle and do-not-disturb flag are being looked up.", now + LookAgain);

    private static LookVerdict? CheckDnd(LeadFacts lead, CampaignRules rules, DateTimeOffset now)
    {
        if (rules.Dnd == "consented")
            return null;
        if (lead.Dnd == true)
            return new LookVerdict.Never(LeadStates.Barred, LeadReasons.Dnd, $"On the do-not-disturb registry as of {lead.MetadataAsOf:u}.");
        if (lead.Dnd is null && rules.DndUnknown == "hold")
        {
            return new LookVerdict.Hold(
                LeadReasons.DndUnknown, "The do-not-disturb registry could not be asked, and the campaign does not dial without its answer.",
                now + LookAgainForDnd);
        }

        return null;
    }

    private static string TriesToday(int tries, int rang) =>
        rang >= tries ? $"Called {Counted.Of(tries, "time")} today, which is all that a day allows"
        : tries == 1 ? "One try counts for today, which is all that a day allows, though it is not known that the phone rang"
        : $"{tries} tries count for today, which is all that a day allows; the phone is known to have rung in "
            + $"{(rang == 0 ? "none" : $"{rang}")} of them";

    private static LookVerdict? CheckCaps(LeadFacts lead, CampaignRules rules, DateTimeOffset now)
    {
        if (!lead.CallBack && lead.PersonLastCallEnded is { } last && now - last < rules.MinimumGap)
        {
            var again = last + rules.MinimumGap.Bounded();
            return new LookVerdict.Hold(
                LeadReasons.MinimumGap, $"The last try to call was over at {last:u}; the next is not before {again:u}.", again);
        }

        if (lead.PersonLastAbandoned is { } abandoned && now - abandoned < rules.CoolDown)
        {
            var again = abandoned + rules.CoolDown.Bounded();
            return new LookVerdict.Hold(LeadReasons.CoolDown,
                $"Answered at {abandoned:u} or before and reached no agent; not called again before {again:u}.", again);
        }

        var (dayStart, nextDay) = LocalDay.Of(now, lead.TimeZone);
        var today = lead.PersonTries.Count(at => at >= dayStart && at < nextDay);
        if (today < rules.MaxAttemptsPerDay)
            return null;
        var until = rules.Window.Within(lead.Law.Select(each => each.Hours)).NextOpen(nextDay, lead.TimeZone);
        var rang = lead.PersonRings.Count(at => at >= dayStart && at < nextDay);
        return new LookVerdict.Hold(LeadReasons.DailyCap, $"{TriesToday(today, rang)}; next at {until:u}.", until);
    }
}
