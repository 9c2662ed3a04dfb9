using Microsoft.EntityFrameworkCore;
using Outdial.Analytics.Data;
using Outdial.Contracts;

namespace Outdial.Analytics.Campaigns;

/// <summary>The statements about campaigns and their events. Each may be repeated, and come in any order.</summary>
internal static class CampaignStatements
{
    public static Task KeepStart(this AnalyticsDbContext db, CampaignStarted started, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        insert into campaigns as campaign (campaign_id, name, started_at, completion_floor, completion_window, skill)
        values ({started.CampaignId}, {started.Name}, {started.OccurredAt.ToUniversalTime()}, {started.CompletionFloor}, {started.CompletionWindow},
          {started.Skill})
        on conflict (campaign_id) do update set
          name = excluded.name,
          started_at = excluded.started_at,
          completion_floor = excluded.completion_floor,
          completion_window = excluded.completion_window,
          skill = excluded.skill
        where campaign.started_at is null or campaign.started_at < excluded.started_at
        """, cancel);

    public static Task KeepEnd(this AnalyticsDbContext db, Guid campaignId, DateTimeOffset at, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
        $"""
        insert into campaigns as campaign (campaign_id, ended_at) values ({campaignId}, {at})
        on conflict (campaign_id) do update set ended_at = least(campaign.ended_at, excluded.ended_at)
        """, cancel);

    /// <param name="kind"><c>Started</c>, <c>Paused</c>, <c>Resumed</c>, <c>Stopped</c> or <c>Completed</c>.</param>
    /// <param name="at">UTC.</param>
    public static Task KeepEvent(
        this AnalyticsDbContext db, Guid eventId, Guid campaignId, string kind, string? reason, string? explanation, bool automatic,
        DateTimeOffset at, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into campaign_events (event_id, campaign_id, kind, reason, explanation, automatic, occurred_at)
            values ({eventId}, {campaignId}, {kind}, {reason}, {explanation}, {automatic}, {at})
            on conflict (event_id) do nothing
            """, cancel);
}
