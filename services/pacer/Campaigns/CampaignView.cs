using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.CallBacks;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Pulse;

namespace Outdial.Pacer.Campaigns;

/// <summary>A campaign as the API shows it. Every figure is counted from rows when asked.</summary>
internal sealed record CampaignView(
    Guid Id, string Name, string Mode, string Purpose, string Account, string State, CampaignRules Rules, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? ScheduledFor, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? PauseReason, string? PauseExplanation,
    DateTimeOffset? PausedAt, string? PausedBy, DateTimeOffset? PausedUntil, double RateFactor, double? CompletionRate,
    LastDecision? LastDecision, CampaignProgress Progress)
{
    /// <summary>Agents, queue and drops of a power campaign; null in the other modes.</summary>
    public FloorView? Floor { get; init; }

    /// <summary>Missed callers whom nobody calls back because the campaign is over.</summary>
    public int MissedSinceOver { get; init; }
}

/// <param name="Queued">Answered leads who wait for an agent.</param>
/// <param name="Connected">Leads who talk with one.</param>
/// <param name="AgentsFree">Those whom a lead who answers now would reach at once.</param>
/// <param name="DropRate">Share of the calls answered by a person that were dropped, in [0, 1]; null: none was answered.</param>
/// <param name="DropWindow">Over which time they are counted, and <paramref name="DropsSince"/> from when.</param>
/// <param name="HighMark">So many more waiting leads than free agents pause the campaign.</param>
/// <param name="LowMark">With no more than so many waiting it goes on.</param>
internal sealed record FloorView(
    int Queued, int Connected, int Underway, int AgentsSignedIn, int AgentsReady, int AgentsFree, int Answers, int Drops, double? DropRate,
    double DropLimit,
    string DropWindow, DateTimeOffset DropsSince, int HighMark, int LowMark);

internal sealed record LastDecision(DateTimeOffset At, int Calls, string Code, string Reason);

/// <param name="Imported">All leads.</param>
/// <param name="Open">Leads without a final state; with the final ones they add up to the imported.</param>
internal sealed record CampaignProgress(
    int Imported, int Open, Dictionary<string, int> ByState, int OpenAttempts, int Attempts, int CallsLastMinute);

internal static class CampaignViews
{
    public static async Task<CampaignView> ViewOf(
        this PacerDbContext db, PowerFloors floors, Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var id = campaign.CorrelationId;
        var states = await db.Leads.Where(l => l.CampaignId == id).GroupBy(l => l.State).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var minuteAgo = now - TimeSpan.FromMinutes(1);
        var attempts = await db.Attempts.Where(a => a.CampaignId == id).GroupBy(_ => 1)
            .Select(g => new
            {
                All = g.Count(a => AttemptStatements.WasCall(a.OfferedAt, a.Dialed)),
                Open = g.Count(a => a.State != CallStates.Ended && a.State != CallStates.Offered),
                Recent = g.Count(a => a.RequestedAt > minuteAgo && AttemptStatements.WasCall(a.OfferedAt, a.Dialed)),
            })
            .SingleOrDefaultAsync(cancel);
        var pulse = await db.Pulses.AsNoTracking().SingleOrDefaultAsync(p => p.CampaignId == id, cancel);
        var last = pulse?.LastAt is { } at ? new LastDecision(at, pulse.LastCalls ?? 0, pulse.LastCode ?? "", pulse.LastReason ?? "") : null;
        return new(
            id, campaign.Name, campaign.Mode, campaign.Purpose, campaign.Account, campaign.State, campaign.Rules, campaign.CreatedAt,
            campaign.CreatedBy, campaign.ScheduledFor, campaign.StartedAt, campaign.EndedAt, campaign.PauseReason, campaign.PauseExplanation,
            campaign.PausedAt, campaign.PausedBy, campaign.PausedUntil, campaign.RateFactor, campaign.CompletionRate, last,
            new(states.Values.Sum(), states.Where(s => LeadStates.Open.Contains(s.Key)).Sum(s => s.Value), states,
                attempts?.Open ?? 0, attempts?.All ?? 0, attempts?.Recent ?? 0))
        {
            MissedSinceOver = await db.MissedCalls.CountAsync(
                m => m.CampaignId == id && m.State == MissedCallStates.Refused && m.Code == MissedCallCodes.CampaignOver, cancel),
            Floor = campaign is { Mode: CampaignModes.Power, Rules.Agents: { } rules }
                ? FloorOf(campaign, rules, await floors.Count(campaign, now, cancel), now) : null,
        };
    }

    private static FloorView FloorOf(Campaign campaign, AgentRules rules, PowerFloor floor, DateTimeOffset now) => new(
        floor.Waiting, floor.Connected, floor.Underway, floor.SignedIn, floor.Ready, floor.Free, floor.Drops.Answers, floor.Drops.Drops,
        floor.Drops.Answers == 0 ? null : floor.Drops.Rate, floor.Drops.Limit, rules.DropWindow,
        DropWindow.From(rules.DropWindow, now, campaign.StartedAt ?? campaign.CreatedAt, campaign.Rules.TimeZone), floor.Marks.High, floor.Marks.Low);
}
