using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Analytics.Campaigns;
using Outdial.Analytics.Data;
using Outdial.Analytics.Telemetry;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Analytics.Advice;

/// <summary>
/// Looks at one watched campaign and tells its completion rate when that is worth it. The rate is read from the rows each
/// time, so the order in which attempts were told does not matter, and neither does a restart.
/// </summary>
internal sealed class AdviceGiver(
    AnalyticsDbContext db, IOutbox<AnalyticsDbContext> outbox, TimeProvider clock, IOptions<AdviceOptions> options, AnalyticsMetrics metrics)
{
    /// <summary>The campaigns whose rate somebody waits for. Few, and read often: from a partial index.</summary>
    public Task<List<Guid>> WatchedAsync(CancellationToken cancel) =>
        db.Campaigns.Where(c => c.CompletionFloor != null && c.EndedAt == null).Select(c => c.CampaignId).ToListAsync(cancel);

    /// <returns>True when an advice was published. False also when another replica is looking at this campaign.</returns>
    public async Task<bool> LookAtAsync(Guid campaignId, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var campaign = (await db.Campaigns
            .FromSql($"select * from campaigns where campaign_id = {campaignId} and ended_at is null for update skip locked")
            .ToListAsync(cancel)).SingleOrDefault();
        if (campaign is not { CompletionFloor: { } floor, CompletionWindow: { } width })
            return false;

        var now = clock.GetUtcNow();
        var window = await WindowAsync(campaign, width, cancel);
        var last = campaign is { AdvisedRate: { } rate, AdvisedAttempts: { } attempts, AdvisedAt: { } at } ? new LastAdvice(rate, attempts, at)
            : null;
        if (AdviceRule.Decide(window, last, floor, width, now, options.Value) is not { } why)
            return false;

        campaign.Advise(window.Rate, window.Attempts, now);
        await outbox.Publish(Message(campaign, window, width, now), cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        metrics.Advised(why);
        return true;
    }

    private async Task<Window> WindowAsync(Campaign campaign, int width, CancellationToken cancel)
    {
        var since = campaign.AdvisedAt ?? DateTimeOffset.MinValue;
        return (await db.Database.SqlQuery<Window>($"""
            select count(*)::int as attempts, count(*) filter (where outcome = 'Completed')::int as completed,
              (select count(*)::int from (
                 select from call_facts where campaign_id = {campaign.CampaignId} and dialed and recorded_at > {since}
                 limit {options.Value.EveryAttempts}) as fresh) as new_attempts
            from (
              select outcome from call_facts where campaign_id = {campaign.CampaignId} and dialed
              order by ended_at desc, attempt_id desc limit {width}) as latest
            """).ToListAsync(cancel)).Single();
    }

    private static CompletionRateChanged Message(Campaign campaign, Window window, int width, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        CampaignId = campaign.CampaignId,
        Rate = window.Rate,
        Attempts = window.Attempts,
        WindowFull = window.Attempts >= width,
        OccurredAt = now,
    };
}
