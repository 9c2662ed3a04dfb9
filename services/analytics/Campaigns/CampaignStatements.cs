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
          started_at = excluded.started_at,
          (name, completion_floor, completion_window, skill) = (
            select case when campaign.changed_at > excluded.started_at then campaign.name else excluded.name end,
              case when campaign.changed_at > excluded.started_at then campaign.completion_floor else excluded.completion_floor end,
              case when campaign.changed_at > excluded.started_at then campaign.completion_window else excluded.completion_window end,
              case when campaign.changed_at > excluded.started_at then campaign.skill else excluded.skill end)
        where campaign.started_at is null or campaign.started_at < excluded.started_at
        """, cancel);

    public static Task KeepChange(this AnalyticsDbContext db, CampaignChanged changed, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        insert into campaigns as campaign (campaign_id, name, completion_floor, completion_window, skill, changed_at)
        values ({changed.CampaignId}, {changed.Name}, {changed.CompletionFloor}, {changed.CompletionWindow}, {changed.Skill},
          {changed.OccurredAt.ToUniversalTime()})
        on conflict (campaign_id) do update set
          name = excluded.name,
          completion_floor = excluded.completion_floor,
          completion_window = excluded.completion_window,
          skill = excluded.skill,
          changed_at = excluded.changed_at
        where campaign.changed_at is null or campaign.changed_at < excluded.changed_at
        """, cancel);

    /// <summary>One that was over goes on: its leads were put back to be dialed.</summary>
    public static Task KeepResume(this AnalyticsDbContext db, Guid campaignId, DateTimeOffset at, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
        $"update campaigns set ended_at = null where campaign_id = {campaignId} and ended_at < {at}", cancel);

    public static Task KeepEnd(this AnalyticsDbContext db, Guid campaignId, DateTimeOffset at, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
        $"""
        insert into campaigns as campaign (campaign_id, ended_at)
        select {campaignId}, {at}
        where not exists (select from campaign_events where campaign_id = {campaignId} and kind = 'Resumed' and occurred_at > {at})
        on conflict (campaign_id) do update set ended_at = (
          select min(at) from (values (campaign.ended_at), (excluded.ended_at)) ends(at)
          where not exists (select from campaign_events where campaign_id = {campaignId} and kind = 'Resumed' and occurred_at > at))
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
