using MassTransit;
using Outdial.Contracts;
using Outdial.Pacer.Pacing;
using Outdial.Platform;

namespace Outdial.Pacer.Campaigns;

/// <summary>The verbs of <see cref="CampaignStateMachine"/>.</summary>
internal static class CampaignSteps
{
    public static bool IsLater(this BehaviorContext<Campaign, StartCampaign> x) => x.Message.At is { } at && at > x.Journal().Now;

    public static bool IsByPerson(this BehaviorContext<Campaign, PauseCampaign> x) => x.Message.Reason == PauseReasons.Person;

    /// <summary>A resume that names a reason ends a pause of that reason only; one without is a person's and ends any.</summary>
    public static bool MayResume(this BehaviorContext<Campaign, ResumeCampaign> x) =>
        x.Message.Reason is null || (x.Message.Reason == x.Saga.PauseReason && (x.Message.PausedAt is null || x.Message.PausedAt == x.Saga.PausedAt));

    public static bool ShouldCoolOff(this BehaviorContext<Campaign, CompletionRateChanged> x) =>
        x.Saga.Rules.Completion is { Action: "pause", Floor: { } floor } && x.Message.WindowFull && x.Message.Rate < floor;

    /// <summary>
    /// Asked under the campaign's lock: since the look that found nothing left, leads may have been added or put back, or it may be kept open now.
    /// </summary>
    public static Task<bool> IsDone(this BehaviorContext<Campaign, CampaignExhausted> x) => x.Journal().IsDone(x.Saga);

    public static EventActivityBinder<Campaign, StartCampaign> Schedule(this EventActivityBinder<Campaign, StartCampaign> campaign) =>
        campaign.ThenAsync(async x =>
        {
            x.Saga.ScheduledFor = x.Message.At;
            await x.Journal().Unarchive(x.Saga);
            await x.Journal().Write(x.Saga, "scheduled", $"Scheduled for {x.Message.At:u} by {x.Message.By}");
        });

    public static EventActivityBinder<Campaign, StartCampaign> Begin(this EventActivityBinder<Campaign, StartCampaign> campaign) =>
        campaign.ThenAsync(async x =>
        {
            var now = x.Journal().Now;
            x.Saga.StartedAt = now;
            await x.Journal().Unarchive(x.Saga);
            await x.Journal().Write(x.Saga, "started", $"Started by {x.Message.By}");
            x.Journal().Starts(x.Saga, x.Message.By);
            await x.Publish(new CampaignStarted
            {
                EventId = Guid.CreateVersion7(now),
                CampaignId = x.Saga.CorrelationId,
                Name = x.Saga.Name,
                OccurredAt = now,
                CompletionFloor = x.Saga.Rules.Completion.Floor,
                CompletionWindow = x.Saga.Rules.Completion.Window,
                Skill = x.Saga.Rules.Agents?.Skill,
                By = x.Message.By,
            }, x.CancellationToken);
        });

    public static EventActivityBinder<Campaign, PauseCampaign> Pause(this EventActivityBinder<Campaign, PauseCampaign> campaign) =>
        campaign.ThenAsync(x => Pause(x, x.Message.Reason, x.Message.Explanation, x.Message.Until, x.Message.By));

    public static EventActivityBinder<Campaign, CompletionRateChanged> PauseForCompletionRate(
        this EventActivityBinder<Campaign, CompletionRateChanged> campaign) =>
        campaign.ThenAsync(x => Pause(
            x, PauseReasons.LowCompletionRate,
            $"{x.Message.Rate:P1} of the last {Counted.Of(x.Message.Attempts, "attempt")} completed; the floor is {x.Saga.Rules.Completion.Floor:P0}",
            x.Journal().Now + x.Saga.Rules.Completion.CoolOff.Bounded(), "analytics"));

    public static EventActivityBinder<Campaign, ResumeCampaign> Resume(this EventActivityBinder<Campaign, ResumeCampaign> campaign) =>
        campaign.ThenAsync(async x =>
        {
            var now = x.Journal().Now;
            var reason = x.Saga.PauseReason ?? PauseReasons.Person;
            (x.Saga.PauseReason, x.Saga.PauseExplanation, x.Saga.PausedAt, x.Saga.PausedBy, x.Saga.PausedUntil) = (null, null, null, null, null);
            await x.Journal().Write(x.Saga, "resumed", $"Resumed by {x.Message.By} (was: {reason})");
            x.Journal().Resumes(x.Saga, reason, x.Message.By);
            await x.Publish(new CampaignResumed
            {
                EventId = Guid.CreateVersion7(now),
                CampaignId = x.Saga.CorrelationId,
                Reason = reason,
                Automatic = x.Message.Reason is not null,
                OccurredAt = now,
                By = x.Message.By,
            }, x.CancellationToken);
        });

    /// <summary>A person ends it for good.</summary>
    public static EventActivityBinder<Campaign, StopCampaign> Stop(this EventActivityBinder<Campaign, StopCampaign> campaign) =>
        campaign.ThenAsync(x => Finish(x, CampaignStates.Stopped, $"Stopped by {x.Message.By}", x.Message.By));

    public static EventActivityBinder<Campaign, CampaignExhausted> Complete(this EventActivityBinder<Campaign, CampaignExhausted> campaign) =>
        campaign.ThenAsync(x => Finish(
            x, CampaignStates.Completed,
            x.Saga.Rules.EndsAt is { } end && end <= x.Journal().Now ? $"Completed: it ended at {end:u}" : "Completed: every lead has its final state",
            "platform"));

    public static EventActivityBinder<Campaign,
        CompletionRateChanged> TakeAdvice(this EventActivityBinder<Campaign, CompletionRateChanged> campaign) =>
        campaign.ThenAsync(async x =>
        {
            if (x.Saga.CompletionAdvisedAt is { } last && x.Message.OccurredAt < last)
                return;   // an older advice that comes late
            var before = x.Saga.RateFactor;
            x.Saga.RateFactor = CompletionBrake.Factor(before, x.Message.Rate, x.Message.WindowFull, x.Saga.Rules.Completion);
            (x.Saga.CompletionAdvisedAt, x.Saga.CompletionRate, x.Saga.CompletionAttempts) = (x.Message.OccurredAt, x.Message.Rate,
                x.Message.Attempts);
            if (x.Saga.RateFactor != before)
                await x.Journal().Write(x.Saga, "pace",
                    $"Completion rate {x.Message.Rate:P1}: dialing at {x.Saga.RateFactor:P0} of the pace (was {before:P0})");
        });

    /// <summary>A campaign with agents tells the router all it needs to know, each time its state changes.</summary>
    public static EventActivityBinder<Campaign> TellAgents(this EventActivityBinder<Campaign> campaign) =>
        campaign.ThenAsync(async x =>
        {
            if (AgentCampaign.Of(x.Saga, x.GetPayload<IServiceProvider>().GetRequiredService<TimeProvider>().GetUtcNow()) is { } told)
                await x.Publish(told, x.CancellationToken);
        });

    /// <summary>Tells whoever asked that it was done.</summary>
    public static EventActivityBinder<Campaign, T> Accept<T>(this EventActivityBinder<Campaign, T> campaign) where T : class =>
        campaign.ThenAsync(x => x.Answer(Change(x.Saga, null)));

    public static EventActivityBinder<Campaign, T> Refuse<T>(this EventActivityBinder<Campaign, T> campaign, string why) where T : class =>
        campaign.ThenAsync(x => x.Answer(Change(x.Saga, why)));

    /// <summary>People wait for an answer; the platform's own messages have no address to answer to.</summary>
    public static Task Answer(this ConsumeContext context, CampaignChange change) =>
        context.ResponseAddress is null ? Task.CompletedTask : context.RespondAsync(change);

    private static async Task Pause<T>(BehaviorContext<Campaign, T> x, string reason, string? explanation, DateTimeOffset? until, string by) where T
        : class =>
        await x.Publish(await x.Journal().Pause(x.Saga, reason, explanation, until, by), x.CancellationToken);

    private static async Task Finish<T>(BehaviorContext<Campaign, T> x, string state, string text, string by) where T : class
    {
        var now = x.Journal().Now;
        x.Saga.EndedAt = now;
        // One that is over does not pause any more; why it did is in the trail.
        (x.Saga.PauseReason, x.Saga.PauseExplanation, x.Saga.PausedAt, x.Saga.PausedBy, x.Saga.PausedUntil) = (null, null, null, null, null);
        await x.Journal().Write(x.Saga, state.ToLowerInvariant(), text);
        x.Journal().Ends(x.Saga, text);
        await x.Publish(new CampaignCompleted
        {
            EventId = Guid.CreateVersion7(now),
            CampaignId = x.Saga.CorrelationId,
            State = state,
            OccurredAt = now,
            By = by,
        }, x.CancellationToken);
    }

    private static CampaignChange Change(Campaign campaign, string? refusal) => new()
    {
        CampaignId = campaign.CorrelationId,
        Accepted = refusal is null,
        State = campaign.State,
        Refusal = refusal,
    };

    private static CampaignJournal Journal<T>(this BehaviorContext<Campaign, T> x) where T : class =>
        x.GetPayload<IServiceProvider>().GetRequiredService<CampaignJournal>();
}
