using MassTransit;
using Outdial.Analytics.Data;
using Outdial.Contracts;

namespace Outdial.Analytics.Campaigns;

/// <summary>Keeps what happened to each campaign, once per event id. Safe to repeat and to reorder.</summary>
internal sealed class CampaignHistoryConsumer(AnalyticsDbContext db)
    : IConsumer<CampaignStarted>, IConsumer<CampaignChanged>, IConsumer<CampaignPaused>, IConsumer<CampaignResumed>, IConsumer<CampaignCompleted>
{
    public async Task Consume(ConsumeContext<CampaignStarted> context)
    {
        var (started, cancel) = (context.Message, context.CancellationToken);
        var at = started.OccurredAt.ToUniversalTime();
        await db.KeepStart(started, cancel);
        await Keep(started.EventId, started.CampaignId, "Started", null, null, false, at, cancel);
    }

    public Task Consume(ConsumeContext<CampaignChanged> context) => db.KeepChange(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<CampaignPaused> context)
    {
        var paused = context.Message;
        return Keep(paused.EventId, paused.CampaignId, "Paused", paused.Reason, paused.Explanation, paused.Automatic,
            paused.OccurredAt, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<CampaignResumed> context)
    {
        var (resumed, cancel) = (context.Message, context.CancellationToken);
        var at = resumed.OccurredAt.ToUniversalTime();
        await db.KeepResume(resumed.CampaignId, at, cancel);
        await Keep(resumed.EventId, resumed.CampaignId, "Resumed", resumed.Reason, null, resumed.Automatic, at, cancel);
    }

    public async Task Consume(ConsumeContext<CampaignCompleted> context)
    {
        var (completed, cancel) = (context.Message, context.CancellationToken);
        var at = completed.OccurredAt.ToUniversalTime();
        var kind = completed.State == CampaignStates.Stopped ? "Stopped" : "Completed";
        await db.KeepEnd(completed.CampaignId, at, cancel);
        await Keep(completed.EventId, completed.CampaignId, kind, null, null, false, at, cancel);
    }

    private Task Keep(
        Guid eventId, Guid campaignId, string kind, string? reason, string? explanation, bool automatic, DateTimeOffset at,
        CancellationToken cancel) =>
        db.KeepEvent(eventId, campaignId, kind, reason, explanation, automatic, at.ToUniversalTime(), cancel);
}
