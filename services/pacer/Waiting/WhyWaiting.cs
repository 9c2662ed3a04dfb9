using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Pulse;

namespace Outdial.Pacer.Waiting;

/// <summary>
/// What waiting leads wait for at one instant, one lead or all of a campaign. It asks what the pulse asks, in the pulse's order, and decides by
/// what the pulse decides by (<see cref="LeadLooks"/>); it writes nothing.
/// </summary>
internal sealed class WhyWaiting(PacerDbContext db, PulseQueries queries, StandingLeads standing)
{
    /// <summary>So many due leads of a campaign are looked at one by one.</summary>
    public const int MostLooked = 2000;

    private const int AtOnce = 500;

    /// <summary>Of a lead that waits.</summary>
    public async Task<LeadStand> Of(Lead lead, Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        if (LeadStands.OfCampaign(campaign.Rules, now) is { } over)
            return over;
        if (lead.DueAt > now)
        {
            return LeadStands.NotDue(
                lead.Reason, lead.ReasonText, lead.DueAt, lead.TimeZone, queries.Hours(campaign).Of(lead.TimeZone, lead.Number));
        }
        var looks = await queries.Looks(campaign, now, cancel);
        var askedSince = await queries.AskedSince(campaign, now, cancel);
        var facts = await queries.Facts([lead], campaign.Purpose, askedSince, now, cancel);
        return LeadStands.Due(looks.At(lead, facts[lead.Number], await queries.TriesBefore([lead], cancel), out _));
    }

    /// <summary>
    /// When a lead of a campaign that is not running may be dialed at the soonest: when that ends by itself and its own hours are on. Null: nothing
    /// tells when it ends, or the lead is never dialed.
    /// </summary>
    public DateTimeOffset? Until(Lead lead, Campaign campaign, LeadStand stand)
    {
        var ends = campaign.PauseReason is null ? campaign.ScheduledFor : campaign.PausedUntil;
        if (ends is not { } at || stand.IsNever)
            return null;
        // It resumes when the first of its leads has its hours: the pause is no reason of the others.
        if (campaign.PauseReason == PauseReasons.OutsideWindow && stand.Until is { } own)
            return own;
        return queries.Hours(campaign).Of(lead.TimeZone, lead.Number).NextOpen(stand.Until > at ? stand.Until.Value : at, lead.TimeZone);
    }

    /// <summary>How many leads are dialed before this one, which nothing holds back; counted up to <see cref="MostLooked"/>.</summary>
    public async Task<int> Before(Lead lead, Campaign campaign, DateTimeOffset now, CancellationToken cancel) =>
        await db.LeadsBefore(lead, await OpenZones(campaign, now, cancel), MostLooked, now, cancel);

    /// <summary>Of all that wait, in groups.</summary>
    /// <returns>The groups, largest first, and how many leads were looked at one by one.</returns>
    public async Task<(List<WaitingLeads> Groups, int Looked)> Of(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var id = campaign.CorrelationId;
        var hours = queries.Hours(campaign);
        var looked = await Looked(campaign, now, cancel);
        var rows = await db.CountWaitingLeads(
            id, await standing.Zones([campaign], now, cancel), [.. looked.Select(l => l.Lead.Id)], now, cancel);
        return (WaitingWords.Told([.. looked.Select(One), .. rows.Select(row => Group(row, campaign.Rules, hours, now))], now), looked.Count);

        WaitingLeads One((Lead Lead, string Where, LeadStand Stand) one) => new()
        {
            Reason = one.Stand.Reason,
            Where = one.Where,
            TimeZone = one.Lead.TimeZone,
            NextAt = one.Stand.Until ?? now,
            LastAt = one.Stand.Until ?? now,
            Count = 1,
            Law = LeadStands.Law(one.Stand.Reason, one.Lead.TimeZone, one.Lead.Number, hours, now),
        };
    }

    private static WaitingLeads Group(WaitingRows rows, CampaignRules rules, CampaignHours hours, DateTimeOffset now)
    {
        var own = hours.Of(rows.TimeZone);
        var (next, last) = LeadStands.OfCampaign(rules, now) is not null ? (now, now)
            : !rows.IsDue ? (own.NextOpen(rows.NextAt, rows.TimeZone), own.NextOpen(rows.LastAt, rows.TimeZone))
            : LeadStands.Hours(rows.TimeZone, rules, hours, now) is { Until: { } opens } closed && closed.Reason == rows.Reason ? (opens, opens)
            : (now, now);
        return new()
        {
            Reason = rows.Reason,
            Where = rows.Where,
            TimeZone = rows.TimeZone,
            NextAt = next,
            LastAt = last,
            Count = rows.Count,
            Law = LeadStands.Law(rows.Reason, rows.TimeZone, null, hours, now),
        };
    }

    private async Task<List<(Lead Lead, string Where, LeadStand Stand)>> Looked(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var due = await db.DueLeads(campaign.CorrelationId, await OpenZones(campaign, now, cancel), MostLooked, now, cancel);
        if (due.Count == 0)
            return [];
        var looks = await queries.Looks(campaign, now, cancel);
        var askedSince = await queries.AskedSince(campaign, now, cancel);
        List<(Lead, string, LeadStand)> looked = [];
        foreach (var some in due.Chunk(AtOnce))
        {
            var facts = await queries.Facts(some, campaign.Purpose, askedSince, now, cancel);
            var before = await queries.TriesBefore(some, cancel);
            looked.AddRange(some.Select(lead => (
                lead, facts[lead.Number].Circle ?? lead.TimeZone, LeadStands.Due(looks.At(lead, facts[lead.Number], before, out _)))));
        }
        return looked;
    }

    private async Task<string[]> OpenZones(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var hours = queries.Hours(campaign);
        return [.. (await db.ZonesOfOpenLeads(campaign.CorrelationId, cancel)).Where(zone => hours.IsOpen(now, zone))];
    }
}
