using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Calls;

/// <summary>How an attempt ended, whoever told it.</summary>
/// <param name="Dialed">The phone may have rung.</param>
/// <param name="CountsAsTry">Uses up one of the lead's tries.</param>
internal sealed record Ending(
    string Outcome, DateTimeOffset At, bool Dialed, bool CountsAsTry, string Source, string? Reason, TimeSpan? RetryAfter)
{
    /// <summary>When that was heard, by our clock, if that is later than <see cref="At"/>: gaps, delays and cool-downs count from here.</summary>
    public DateTimeOffset HeardAt { get; init => field = value > At ? value : At; } = At;

    /// <summary>Asked for, and no word that it was dialed: the lead keeps its try, and the person is left alone as if it had been.</summary>
    public bool InVain => Dialed && !CountsAsTry;

    public static Ending Of(Attempt call, object said) => said switch
    {
        CallTerminated e => new(
            FinalWord.Outcome(call, e), FinalWord.EndedAt(call, e), true, !e.InVain, FinalWord.IsFinal(e) ? call.ToldSource! : e.Source, null, null)
        {
            HeardAt = e.ReceivedAt,
        },
        // Heard of the connection after the word that the call was over: that word holds now.
        CallConnected e when call.ProvisionalEndedAt is { } at => new(Outcomes.Completed, at, true, true, "webhook", null, null)
        {
            HeardAt = e.ReceivedAt,
        },
        CallRefused e => new(e.Outcome, e.OccurredAt, false, !e.LeadKeepsTry, "platform", e.Reason, e.RetryAfter),
        // Counted as a try although nothing rang: the safe side, should the records be wrong.
        CallNotFound e => new(Outcomes.ProviderError, e.OccurredAt, false, true, "reconciliation", e.Reason, null),
        _ => throw new ArgumentException($"A {said.GetType().Name} does not end an attempt.", nameof(said)),
    };
}

/// <summary>Closes the attempt, moves its lead on and tells the world, all in the saga's transaction.</summary>
internal sealed class CloseAttempt<T>(PacerDbContext db, DropRule drops, PacerMetrics metrics, TimeProvider clock) : CallActivity<T>("close-attempt")
    where T : class
{
    /// <summary>So often a lead keeps its try.</summary>
    private const int MostInVain = 3;

    protected override async Task Run(BehaviorContext<Attempt, T> context)
    {
        var call = context.Saga;
        var ending = Ending.Of(call, context.Message);
        if (ending.InVain && await WasInVainBefore(call, context.CancellationToken))
            ending = ending with { CountsAsTry = true };   // else a lead could be asked for in vain for ever
        call.State = CallStates.Ended;
        call.Outcome = ending.Outcome;
        ending = call.EndsAt(ending);
        call.Dialed = ending.Dialed;
        call.CountsAsTry = ending.CountsAsTry;
        call.Source = ending.Source;
        call.Reason = ending.Reason;
        if (call.ToldOutcome is null && context.Message is CallConnected or CallTerminated { Provisional: true })
            (call.ToldSource, call.ToldAt) = (FinalWord.Ledger, call.EndToldAt);   // later words are weighed as these were
        call.Dropped = await drops.Of(call, context.CancellationToken);

        await MoveLead(call, ending, context.CancellationToken);
        await context.Publish(EndedAttempt.Of(call, ending), context.CancellationToken);
        metrics.Ended(ending.Outcome, ending.Source);
        if (call.Dialed)
            metrics.Called(call.Account, call.AnsweredAt is not null || call.ConnectedAt is not null || ending.Outcome == Outcomes.Completed);
        if (call.Dropped)
            metrics.Dropped(call.Mode);
    }

    private async Task MoveLead(Attempt call, Ending ending, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var after = await LeadAfterCall.Lock(db, call, ending, cancel);
        var (lead, campaign) = (after.Lead, after.Campaign);

        lead.Remember(ending.Outcome, ending.CountsAsTry);
        db.Trail.Add(TrailEntry.Of(call, ending.At, "ended", Words(ending)));
        if (call.CallBackAt is not null && lead.CallBackAt == call.CallBackAt && !ending.InVain && (ending.Dialed || ending.CountsAsTry))
            lead.ForgetCallBack();   // the promise was kept, whatever came of it
        if (lead.CallBackAt is { } promised && !campaign.IsOver)
        {
            var wait = ending.InVain ? LeadAfterCall.WaitAfterInVain : ending.RetryAfter ?? TimeSpan.Zero;
            var due = now + wait is var earliest && earliest > promised ? earliest : promised;
            lead.Hold(LeadReasons.CallBack, $"Ended {ending.Outcome}; a call-back is promised for {due:u}.", due, now);
            return;
        }

        switch (ending.InVain ? after.InVain(ending) : after.Next(ending))
        {
            case AfterAttempt.Final final:
                Finish(lead, call, final.State, final.Reason, final.Text, now);
                break;
            case AfterAttempt.Again when campaign.State == CampaignStates.Stopped:
                Finish(lead, call, LeadStates.Canceled, LeadReasons.CampaignStopped, "The campaign was stopped.", now);
                break;
            case AfterAttempt.Again again:
                lead.Hold(LeadReasons.RedialDelay, again.Text, again.DueAt, now);
                db.Trail.Add(TrailEntry.Of(call, now, "redial", again.Text));
                break;
        }
    }

    private Task<bool> WasInVainBefore(Attempt call, CancellationToken cancel) =>
        db.Attempts.Where(a => a.LeadId == call.LeadId && a.CorrelationId != call.CorrelationId && a.Dialed && !a.CountsAsTry).Skip(MostInVain - 1)
            .AnyAsync(cancel);

    private void Finish(Lead lead, Attempt call, string state, string reason, string text, DateTimeOffset now)
    {
        lead.Finish(state, reason, text, now);
        db.Trail.Add(TrailEntry.Of(call, now, "final", $"{state}: {text}"));
    }

    private static string Words(Ending ending) =>
        ending.Reason is { } reason ? $"{ending.Outcome}: {reason}" : $"{ending.Outcome}, told by {ending.Source}";
}
