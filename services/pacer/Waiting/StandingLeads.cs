using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;

namespace Outdial.Pacer.Waiting;

/// <summary>
/// What holds leads of campaigns back in each of their time zones at one instant, as columns beside each other: SQL knows neither the hours nor the
/// law.
/// </summary>
/// <param name="Held">Reasons; null: the hours are on.</param>
internal sealed record StandingZones(Guid[] Campaigns, string[] Zones, string[] Purposes, int[] MaxAttempts, string?[] Held)
{
    public static StandingZones None { get; } = new([], [], [], [], []);

    public static StandingZones Of(IReadOnlyCollection<(Campaign Campaign, string Zone, string? Held)> zones) => new(
        [.. zones.Select(z => z.Campaign.CorrelationId)], [.. zones.Select(z => z.Zone)], [.. zones.Select(z => z.Campaign.Purpose)],
        [.. zones.Select(z => z.Campaign.Rules.MaxAttempts)], [.. zones.Select(z => z.Held)]);
}

/// <summary>
/// Why leads wait, as lists, exports, filters and metrics tell it: <see cref="LeadStands.Listed"/>, of rows at once. One lead, and the leads of one
/// campaign that are due next, are looked at more closely by <see cref="WhyWaiting"/>.
/// </summary>
internal sealed class StandingLeads(PacerDbContext db, PulseQueries queries)
{
    /// <summary>Of each lead that waits; those that do not are not named.</summary>
    public async Task<Dictionary<Guid, LeadStand>> Of(IReadOnlyCollection<Lead> leads, DateTimeOffset now, CancellationToken cancel)
    {
        var waiting = leads.Where(l => l.State == LeadStates.Waiting).ToList();
        if (waiting.Count == 0)
            return [];
        var ids = waiting.Select(l => l.CampaignId).Distinct().ToArray();
        var campaigns = await db.Campaigns.AsNoTracking().Where(c => ids.Contains(c.CorrelationId)).ToDictionaryAsync(c => c.CorrelationId, cancel);
        var hours = campaigns.Values.ToDictionary(c => c.CorrelationId, queries.Hours);
        var due = waiting.Where(l => l.DueAt <= now).ToList();
        var suppressed = due.Count == 0 ? [] : await db.SuppressedLeads([.. due.Select(l => l.Id)], cancel);
        var before = await queries.TriesBefore(due, cancel);
        return waiting.ToDictionary(l => l.Id, l => LeadStands.Listed(
            l, suppressed.Contains(l.Id), before.GetValueOrDefault(l.Id), campaigns[l.CampaignId].Rules, hours[l.CampaignId], now));
    }

    public async Task<List<LeadView>> Views(IReadOnlyCollection<Lead> leads, DateTimeOffset now, CancellationToken cancel)
    {
        var stands = await Of(leads, now, cancel);
        return [.. leads.Select(l => LeadView.Of(l, stands.GetValueOrDefault(l.Id), now))];
    }

    public async Task<LeadView> View(Lead lead, DateTimeOffset now, CancellationToken cancel) => (await Views([lead], now, cancel))[0];

    /// <summary>The zones of the leads of these campaigns.</summary>
    public async Task<StandingZones> Zones(IReadOnlyCollection<Campaign> campaigns, DateTimeOffset now, CancellationToken cancel)
    {
        var known = campaigns.ToDictionary(c => c.CorrelationId, c => (Campaign: c, Hours: queries.Hours(c)));
        var zones = await db.ZonesOfLeads([.. known.Keys], cancel);
        return StandingZones.Of([.. zones.Select(z => (known[z.Campaign].Campaign, z.Zone, Held(known[z.Campaign], z.Zone)))]);

        string? Held((Campaign Campaign, CampaignHours Hours) of, string zone) =>
            (LeadStands.OfCampaign(of.Campaign.Rules, now) ?? LeadStands.Hours(zone, of.Campaign.Rules, of.Hours, now))?.Reason;
    }

    /// <summary>Of one campaign, or of all whose leads may wait.</summary>
    public async Task<StandingZones> Zones(Guid? campaign, DateTimeOffset now, CancellationToken cancel) => await Zones(
        await db.Campaigns.AsNoTracking()
            .Where(c => campaign == null
                ? c.State != CampaignStates.Completed && c.State != CampaignStates.Stopped : c.CorrelationId == campaign)
            .ToListAsync(cancel),
        now, cancel);

    /// <summary>Of each running and paused campaign how many wait for what, for the metrics.</summary>
    public async Task<List<WaitingOfCampaign>> Count(DateTimeOffset now, CancellationToken cancel)
    {
        var campaigns = await db.Campaigns.AsNoTracking().Where(c => c.State == CampaignStates.Running || c.State == CampaignStates.Paused)
            .ToListAsync(cancel);
        return await db.CountStandingLeads(await Zones(campaigns, now, cancel), now, cancel);
    }
}
