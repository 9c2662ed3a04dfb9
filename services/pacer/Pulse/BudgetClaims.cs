using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Pulse;

/// <summary>Which campaigns of an account could dial now, by what the last look at each found, and how much each could use.</summary>
internal static class BudgetClaims
{
    /// <summary>So many are kept with a decision; all further ones as one.</summary>
    public const int Most = 50;

    /// <summary>
    /// The last look found something to dial. Any other word (nothing due, no hours, no agent) leaves the campaign's share to the others.
    /// </summary>
    private static readonly string[] CouldDial =
        ["LeadsDue", "Pace", "CompletionBrake", "Budget", "Concurrency", "CampaignRate", "Power", "DropGuard"];

    /// <summary>All it could dial it dialed: it uses no more than that.</summary>
    private static readonly string[] DialsAll = ["LeadsDue", "Power", "DropGuard"];

    public static BudgetClaim Of(Campaign campaign) => new(campaign.Name, campaign.Rules.Weight, campaign.Rules.Priority, null);

    /// <summary>
    /// Those of the other running campaigns that dial over the account. Under the account's lock, so that they do not change meanwhile.
    /// </summary>
    public static async Task<List<BudgetClaim>> OtherClaims(
        this PacerDbContext db, Campaign campaign, DateTimeOffset minuteAgo, CancellationToken cancel)
    {
        var others = await db.Campaigns.AsNoTracking()
            .Where(c => c.Account == campaign.Account && c.State == CampaignStates.Running && c.CorrelationId != campaign.CorrelationId
                && c.Mode != CampaignModes.Triggered && c.Mode != CampaignModes.Progressive && c.Mode != CampaignModes.Preview)
            .Join(db.Pulses.Where(p => CouldDial.Contains(p.LastCode)), c => c.CorrelationId, p => p.CampaignId, (c, p) => new
            {
                Campaign = c,
                p.LastCode,
                p.LastCalls,
                LastMinute = db.Attempts.Count(a => a.CampaignId == c.CorrelationId && a.RequestedAt > minuteAgo),
            })
            .OrderBy(other => other.Campaign.CorrelationId).ToListAsync(cancel);
        return others.ConvertAll(other => Of(other.Campaign) with
        {
            Most = Least(
                other.Campaign.Rules.CallsPerMinute * other.Campaign.RateFactor,
                // The calls of the last look are among those of the minute.
                DialsAll.Contains(other.LastCode) ? Math.Max(other.LastMinute, other.LastCalls ?? 0) : null),
        });
    }

    /// <summary>Those that are served first as they are; the rest as one for each priority.</summary>
    public static IReadOnlyList<BudgetClaim> Bounded(List<BudgetClaim> claims) => claims.Count <= Most ? claims :
    [
        .. claims.OrderByDescending(claim => claim.Priority).Take(Most),
        .. claims.OrderByDescending(claim => claim.Priority).Skip(Most).GroupBy(claim => claim.Priority).Select(rank => new BudgetClaim(
            "others", rank.Sum(claim => claim.Weight), rank.Key, rank.All(claim => claim.Most is not null) ? rank.Sum(claim => claim.Most) : null)),
    ];

    private static double? Least(double? one, double? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);
}
