using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.CallBacks;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Pulse;
using Outdial.Platform;

namespace Outdial.Pacer.Campaigns;

/// <summary>A campaign as the API shows it. Every figure is counted from rows when asked.</summary>
internal sealed record CampaignView
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    [OneOf(typeof(CampaignModes))]
    public required string Mode { get; init; }
    [OneOf(typeof(Purposes))]
    public required string Purpose { get; init; }
    public required string Account { get; init; }
    [OneOf(typeof(CampaignStates))]
    public required string State { get; init; }
    public required CampaignRules Rules { get; init; }

    /// <summary>What the limits in the rules mean, by name, in words: also of one that is off.</summary>
    public IReadOnlyDictionary<string, string> Limits => CampaignLimits.Of(Rules);
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset? ScheduledFor { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? EndedAt { get; init; }
    [OneOf(typeof(PauseReasons))]
    public required string? PauseReason { get; init; }
    public required string? PauseExplanation { get; init; }
    public required DateTimeOffset? PausedAt { get; init; }
    public required string? PausedBy { get; init; }
    public required DateTimeOffset? PausedUntil { get; init; }
    public required double RateFactor { get; init; }
    public required double? CompletionRate { get; init; }
    public required LastDecision? LastDecision { get; init; }
    public required CampaignProgress Progress { get; init; }

    /// <summary>Agents, queue and drops of a power campaign; null in the other modes.</summary>
    public FloorView? Floor { get; init; }

    /// <summary>How often people changed it; the header <c>ETag</c> of the answer, for <c>If-Match</c>.</summary>
    public int Revision { get; init; }

    /// <summary>Since when lists leave it out; null: they do not.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>Missed callers whom nobody calls back because the campaign is over.</summary>
    public int MissedSinceOver { get; init; }
}

internal sealed record FloorView
{
    /// <summary>Answered leads who wait for an agent.</summary>
    public required int Queued { get; init; }

    /// <summary>Leads who talk with one.</summary>
    public required int Connected { get; init; }

    public required int Underway { get; init; }
    public required int AgentsSignedIn { get; init; }
    public required int AgentsReady { get; init; }

    /// <summary>Those whom a lead who answers now would reach at once.</summary>
    public required int AgentsFree { get; init; }

    public required int Answers { get; init; }
    public required int Drops { get; init; }

    /// <summary>Share of the calls answered by a person that were dropped, in [0, 1]; null: none was answered.</summary>
    public required double? DropRate { get; init; }

    /// <summary>The largest share that may be; 1: off, drops bound nothing.</summary>
    public required double DropLimit { get; init; }

    /// <summary>Over which time they are counted, and <see cref="DropsSince"/> from when.</summary>
    public required string DropWindow { get; init; }

    public required DateTimeOffset DropsSince { get; init; }

    /// <summary>So many more waiting leads than free agents pause the campaign.</summary>
    public required int HighMark { get; init; }

    /// <summary>With no more than so many waiting it goes on.</summary>
    public required int LowMark { get; init; }
}

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
        return new()
        {
            Id = id,
            Name = campaign.Name,
            Mode = campaign.Mode,
            Purpose = campaign.Purpose,
            Account = campaign.Account,
            State = campaign.State,
            Rules = campaign.Rules,
            CreatedAt = campaign.CreatedAt,
            CreatedBy = campaign.CreatedBy,
            ScheduledFor = campaign.ScheduledFor,
            StartedAt = campaign.StartedAt,
            EndedAt = campaign.EndedAt,
            PauseReason = campaign.PauseReason,
            PauseExplanation = campaign.PauseExplanation,
            PausedAt = campaign.PausedAt,
            PausedBy = campaign.PausedBy,
            PausedUntil = campaign.PausedUntil,
            RateFactor = campaign.RateFactor,
            CompletionRate = campaign.CompletionRate,
            LastDecision = last,
            Progress = new(states.Values.Sum(), states.Where(s => LeadStates.Open.Contains(s.Key)).Sum(s => s.Value), states, attempts?.Open
                ?? 0, attempts?.All ?? 0, attempts?.Recent ?? 0),
            Revision = await db.RevisionOf(id, cancel),
            ArchivedAt = await db.Archived.Where(a => a.CampaignId == id).Select(a => (DateTimeOffset?)a.At).SingleOrDefaultAsync(cancel),
            MissedSinceOver = await db.MissedCalls.CountAsync(
                m => m.CampaignId == id && m.State == MissedCallStates.Refused && m.Code == MissedCallCodes.CampaignOver, cancel),
            Floor = campaign is { Mode: CampaignModes.Power, Rules.Agents: { } rules }
                ? FloorOf(campaign, rules, await floors.Count(campaign, now, cancel), now) : null,
        };
    }

    private static FloorView FloorOf(Campaign campaign, AgentRules rules, PowerFloor floor, DateTimeOffset now) => new()
    {
        Queued = floor.Waiting,
        Connected = floor.Connected,
        Underway = floor.Underway,
        AgentsSignedIn = floor.SignedIn,
        AgentsReady = floor.Ready,
        AgentsFree = floor.Free,
        Answers = floor.Drops.Answers,
        Drops = floor.Drops.Drops,
        DropRate = floor.Drops.Answers == 0 ? null : floor.Drops.Rate,
        DropLimit = floor.Drops.Limit,
        DropWindow = rules.DropWindow,
        DropsSince = DropWindow.From(rules.DropWindow, now, campaign.StartedAt ?? campaign.CreatedAt, campaign.Rules.TimeZone),
        HighMark = floor.Marks.High,
        LowMark = floor.Marks.Low,
    };
}
