using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.Campaigns;

/// <summary>A campaign as the API shows it. Every figure is counted from rows when asked.</summary>
public sealed record CampaignView(
    Guid Id, string Name, string Mode, string Purpose, string Account, string State, CampaignRules Rules, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? ScheduledFor, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? PauseReason, string? PauseExplanation,
    DateTimeOffset? PausedAt, string? PausedBy, DateTimeOffset? PausedUntil, double RateFactor, double? CompletionRate,
    LastDecision? LastDecision, CampaignProgress Progress);

public sealed record LastDecision(DateTimeOffset At, int Calls, string Code, string Reason);

/// <param name="Imported">All leads.</param>
/// <param name="Open">Leads without a final state; with the final ones they add up to the imported.</param>
public sealed record CampaignProgress(
    int Imported, int Open, Dictionary<string, int> ByState, int OpenAttempts, int Attempts, int CallsLastMinute);

internal static class CampaignViews
{
    public static async Task<CampaignView> ViewOf(this PacerDbContext db, Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var id = campaign.CorrelationId;
        var states = await db.Leads.Where(l => l.CampaignId == id).GroupBy(l => l.State).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var minuteAgo = now - TimeSpan.FromMinutes(1);
        var attempts = await db.Attempts.Where(a => a.CampaignId == id).GroupBy(_ => 1)
            .Select(g => new { All = g.Count(a => a.OfferedAt == null || a.Dialed), Open = g.Count(a => a.State != "Ended" && a.State != "Offered"), Recent = g.Count(a => a.RequestedAt > minuteAgo && (a.OfferedAt == null || a.Dialed)) })
            .SingleOrDefaultAsync(cancel);
        var pulse = await db.Pulses.AsNoTracking().SingleOrDefaultAsync(p => p.CampaignId == id, cancel);
        var last = pulse?.LastAt is { } at ? new LastDecision(at, pulse.LastCalls ?? 0, pulse.LastCode ?? "", pulse.LastReason ?? "") : null;
        return new(
            id, campaign.Name, campaign.Mode, campaign.Purpose, campaign.Account, campaign.State, campaign.Rules, campaign.CreatedAt,
            campaign.CreatedBy, campaign.ScheduledFor, campaign.StartedAt, campaign.EndedAt, campaign.PauseReason, campaign.PauseExplanation,
            campaign.PausedAt, campaign.PausedBy, campaign.PausedUntil, campaign.RateFactor, campaign.CompletionRate, last,
            new(states.Values.Sum(), states.Where(s => LeadStates.Open.Contains(s.Key)).Sum(s => s.Value), states,
                attempts?.Open ?? 0, attempts?.All ?? 0, attempts?.Recent ?? 0));
    }
}
