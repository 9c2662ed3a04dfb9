using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Pulse;

namespace Outdial.Pacer.Waiting;

/// <summary>What holds a waiting lead back at one instant, and until when at the soonest.</summary>
/// <param name="Reason">One of <see cref="LeadReasons"/>; <see cref="LeadReasons.InQueue"/>: nothing does.</param>
/// <param name="Until">Null: nothing holds it back, or it will never be dialed.</param>
internal sealed record LeadStand(string Reason, string Text, DateTimeOffset? Until)
{
    public static LeadStand Free { get; } = new(LeadReasons.InQueue, "Nothing speaks against dialing it.", null);

    /// <summary>It is taken off when its turn comes.</summary>
    public bool IsNever => Until is null && Reason is not (LeadReasons.InQueue or LeadReasons.AwaitingMetadata);
}

/// <summary>
/// The order in which the pulse comes to a lead: one that is not due, or whose hours are not on, it does not come to; the others it has the last look
/// at. Pure.
/// </summary>
internal static class LeadStands
{
    /// <summary>Of all leads of a campaign whose end is past, due or not: the next look takes them off. Null: it is not.</summary>
    public static LeadStand? OfCampaign(CampaignRules rules, DateTimeOffset now) =>
        rules.EndsAt is { } end && now >= end ? new(LeadReasons.CampaignEnded, $"The campaign ended at {end:u}.", null) : null;

    /// <summary>Of a lead that is not due: what its row says, until it is due and has its hours.</summary>
    /// <param name="hours">The lead's.</param>
    public static LeadStand NotDue(string reason, string? text, DateTimeOffset dueAt, string zones, CallingWindow hours)
    {
        var until = hours.NextOpen(dueAt, zones);
        var own = text ?? (reason == LeadReasons.InQueue ? $"Not due before {dueAt:u}." : reason);
        return new(reason, until > dueAt ? $"{own} Its hours begin at {until:u}." : own, until);
    }

    /// <summary>
    /// Of a lead that is due: what the last look found. One whose hours are not on is said to be never dialed before that is written.
    /// </summary>
    public static LeadStand Due(LookVerdict verdict) => verdict switch
    {
        LookVerdict.Hold hold => new(hold.Reason, hold.Text, hold.Until),
        LookVerdict.Never never => new(never.Reason, never.Text, null),
        _ => LeadStand.Free,
    };

    /// <summary>
    /// Of a lead that waits as lists show it, by what can be told of a million rows: its own row, its campaign, the list of suppressions and the
    /// hours of its zones. What else the last look asks is as it was when it last looked: one that is due then stands in the queue. In SQL it is
    /// <see cref="StandingLeads"/>.
    /// </summary>
    public static LeadStand Listed(Lead lead, bool suppressed, int triesBefore, CampaignRules rules, CampaignHours hours, DateTimeOffset now)
    {
        if (OfCampaign(rules, now) is { } over)
            return over;
        if (lead.DueAt > now)
            return NotDue(lead.Reason, lead.ReasonText, lead.DueAt, lead.TimeZone, hours.Of(lead.TimeZone, lead.Number));
        var row = new NumberFacts
        {
            Number = lead.Number,
            MetadataKnown = false,
            AwaitsCircle = false,
            Suppressed = suppressed,
            PersonBusy = false,
            Tries = [],
        };
        return LastLook.CheckListed(row.ForLead(lead, hours.Law(lead.TimeZone), triesBefore, TimeSpan.Zero), rules, now) switch
        {
            LookVerdict.Hold closed when LastLook.CheckHours(rules.Window, hours.Law(lead.TimeZone, lead.Number), lead.TimeZone, now) is { } own =>
                new(closed.Reason, own.Text, own.Until),
            { } verdict => Due(verdict),
            null when lead.Reason == LeadReasons.AwaitingMetadata => new(lead.Reason, lead.ReasonText ?? lead.Reason, null),
            null => LeadStand.Free,
        };
    }

    /// <summary>What the law says that holds leads back, in words; null: it never allows the call, or it is not what does.</summary>
    /// <param name="number">Null: of many.</param>
    public static string? Law(string reason, string zones, string? number, CampaignHours hours, DateTimeOffset now) =>
        reason == LeadReasons.LawfulHours && hours.Of(zones, number).IsEverOpen(now, zones) ? CountryHours.Told(hours.Law(zones, number)) : null;

    /// <summary>Of leads that are due and were not looked at one by one: only the hours are known. Null: those are on.</summary>
    public static LeadStand? Hours(string zones, CampaignRules rules, CampaignHours hours, DateTimeOffset now) =>
        LastLook.CheckHours(rules.Window, hours.Law(zones), zones, now) is { } closed ? Due(closed) : null;
}
