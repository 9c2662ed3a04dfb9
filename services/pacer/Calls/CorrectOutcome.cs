using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Calls;

/// <summary>What the world was told of an attempt that has ended, as far as later words can change it.</summary>
internal sealed record ToldOfEnd
{
    public required string? Outcome { get; init; }
    public required string? Source { get; init; }
    public required bool Dropped { get; init; }
    public required DateTimeOffset? EndedAt { get; init; }
    public required DateTimeOffset? AnsweredAt { get; init; }
    public required string? AnsweredBy { get; init; }
    public required DateTimeOffset? QueuedAt { get; init; }
    public required DateTimeOffset? ConnectedAt { get; init; }
    public required Guid? AgentId { get; init; }
    public required TimeSpan? TalkTime { get; init; }

    public static ToldOfEnd Of(Attempt call) => new()
    {
        Outcome = call.Outcome,
        Source = call.Source,
        Dropped = call.Dropped,
        EndedAt = call.EndedAt,
        AnsweredAt = call.AnsweredAt,
        AnsweredBy = call.AnsweredBy,
        QueuedAt = call.QueuedAt,
        ConnectedAt = call.ConnectedAt,
        AgentId = call.AgentId,
        TalkTime = call.TalkTime,
    };
}

/// <summary>
/// An attempt was closed on a guess, on a step of the flow or on a word that did not say all, and a better word has come: the outcome follows from
/// all that is known now. The lead is moved on by it where nothing has happened since, and the world is told again.
/// </summary>
internal sealed class CorrectOutcome(PacerDbContext db, DropRule drops, PacerMetrics metrics, TimeProvider clock)
{
    /// <summary>What the records fill in, everybody reads in them; what they change is told again.</summary>
    private static bool IsNews(object said, ToldOfEnd before, ToldOfEnd now) =>
        now != before && (said is not CallDetailed || (now.Outcome, now.Dropped) != (before.Outcome, before.Dropped)
            || (before.TalkTime is not null && now.TalkTime != before.TalkTime)
            || AnsweredBy.IsMachine(now.AnsweredBy) != AnsweredBy.IsMachine(before.AnsweredBy));

    /// <param name="said">Learned already.</param>
    /// <param name="before">What was told until now.</param>
    /// <param name="bus">Whom it is told to.</param>
    /// <param name="cancel">Leaves everything as it was.</param>
    public async Task Weigh(Attempt call, object said, ToldOfEnd before, IPublishEndpoint bus, CancellationToken cancel)
    {
        var outcome = call.Dialed ? FinalWord.Outcome(call) : null;
        var corrects = outcome is not null && outcome != Outcomes.Unknown && outcome != call.Outcome;
        if (outcome is not null && call.ToldAt is { } at && at != call.EndToldAt)
            call.EndsAt(EndingNow(call) with { At = at, HeardAt = HeldTimes.Later(call.EndHeardAt ?? at, HeardAt(said)) });
        if (outcome is not null && call.ToldOutcome is not null)
            call.Source = call.ToldSource;
        if (corrects)
            await Correct(call, said, outcome!, bus, cancel);
        if (CampaignModes.HasAgents(call.Mode))
            call.Dropped = await drops.Of(call, cancel);   // a late word may change whether it was connected in time
        if (IsNews(said, before, ToldOfEnd.Of(call)))
            await bus.Publish(EndedAttempt.Of(call, EndingNow(call)), cancel);
    }

    private static Ending EndingNow(Attempt call) =>
        new(call.Outcome!, call.EndedAt!.Value, call.Dialed, call.CountsAsTry, call.Source!, call.Reason, null)
        {
            HeardAt = call.EndHeardAt ?? call.EndedAt.Value,
        };

    private DateTimeOffset HeardAt(object said) => said is IProviderEvent word ? word.ReceivedAt : clock.GetUtcNow();

    private async Task Correct(Attempt call, object said, string outcome, IPublishEndpoint bus, CancellationToken cancel)
    {
        var before = call.Outcome!;
        var wasTry = call.CountsAsTry;
        call.Outcome = outcome;
        call.CountsAsTry |= said is not CallTerminated { InVain: true };
        db.Trail.Add(TrailEntry.Of(call, clock.GetUtcNow(), "corrected", $"{before} does not stand: it ended {outcome}, {By(call, said)}"));
        await MoveLead(call, before, !wasTry && call.CountsAsTry, bus, cancel);
        metrics.Corrected(before, outcome);
    }

    private static string By(Attempt call, object said) => said is CallDetailed ? "by the provider's records" : $"told by {call.Source}";

    private async Task MoveLead(Attempt call, string before, bool oneMoreTry, IPublishEndpoint bus, CancellationToken cancel)
    {
        var (now, ending) = (clock.GetUtcNow(), EndingNow(call));
        var after = await LeadAfterCall.Lock(db, call, ending, cancel);
        var (lead, campaign) = (after.Lead, after.Campaign);
        if (oneMoreTry)
            lead.CountTry();
        if (lead.Attempts == call.AttemptNumber)
            lead.Correct(call.Outcome!);
        else if (call.Outcome == Outcomes.Completed)
        {
            await Settle(lead, call, now, bus, cancel);
            return;
        }
        else if (before != Outcomes.Completed || !await Unsettle(lead, call, cancel))
            return;   // dialed again meanwhile: that attempt decides
        if (after.IsRecycled && lead.Attempts == call.AttemptNumber && RedialPolicy.MayBeRedialed(call.Outcome!))
            return;
        var byThis = lead.Reason == before;
        if (lead.State == LeadStates.Waiting ? lead.CallBackAt is not null : !byThis && lead.State != LeadStates.Exhausted)
            return;   // promised, or decided by something else than how this call ended
        var next = after.Next(ending);
        if (lead.State == LeadStates.Exhausted && !byThis && next is AfterAttempt.Again or AfterAttempt.Final { Reason: LeadReasons.Withdrawn })
            return;   // it is over as it was
        switch (next)
        {
            case AfterAttempt.Final final:
                lead.Finish(final.State, final.Reason, final.Text, now);
                break;
            case AfterAttempt.Again again when campaign.IsOver && lead.State != LeadStates.Waiting:
                lead.Finish(LeadStates.Exhausted, call.Outcome!, $"{again.Text} The campaign is {campaign.State}.", now);
                break;
            case AfterAttempt.Again again:
                lead.Reopen(LeadReasons.RedialDelay, again.Text, again.DueAt, now);
                break;
        }
    }

    /// <summary>
    /// Dialed again meanwhile, for nothing: the person had been reached. A call that was promised then, or owed, is made all the same.
    /// </summary>
    private async Task Settle(Lead lead, Attempt call, DateTimeOffset now, IPublishEndpoint bus, CancellationToken cancel)
    {
        if (lead.CallBackAt is not null
            || await db.Attempts.AnyAsync(a => a.LeadId == lead.Id && a.AttemptNumber > call.AttemptNumber && a.CallBackAt != null, cancel))
            return;
        var text = $"Attempt {call.AttemptNumber} reached the person, as was learned later.";
        lead.Settle(text);   // also where a later call reached them as well: that may not stand
        switch (lead.State)
        {
            case LeadStates.Dialing:
                var offered = await db.Attempts.Where(a => a.LeadId == lead.Id && a.State == CallStates.Offered)
                    .Select(a => a.CorrelationId).ToListAsync(cancel);
                if (offered.Count > 0)
                    await bus.Publish(new ReturnLeads { CampaignId = lead.CampaignId, AttemptIds = offered, Reason = "reached" }, cancel);
                break;
            case LeadStates.Waiting or LeadStates.Exhausted:
                lead.Finish(LeadStates.Completed, Outcomes.Completed, text, now);
                db.Trail.Add(TrailEntry.Of(call, now, "final", $"{LeadStates.Completed}: {text}"));
                break;
        }
    }

    /// <summary>This call did not reach the person after all: unless another did, the lead forgets it.</summary>
    /// <returns>True: the lead was completed by this call alone, although it was dialed again afterwards.</returns>
    private async Task<bool> Unsettle(Lead lead, Attempt call, CancellationToken cancel)
    {
        if (await db.Attempts.AnyAsync(a => a.LeadId == lead.Id && a.CorrelationId != call.CorrelationId && a.Outcome == Outcomes.Completed, cancel))
            return false;
        lead.Settle(null);
        return lead.State == LeadStates.Completed;
    }
}
