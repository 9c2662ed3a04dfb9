using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;

namespace Outdial.Pacer.Hopper;

/// <summary>What the router's two words about an offered lead do to its attempt.</summary>
internal static class HopperSteps
{
    public static EventActivityBinder<Attempt, LeadDialed> LearnOfDialing(this EventActivityBinder<Attempt, LeadDialed> call) =>
        call.Activity(x => x.OfType<DialOffer>());

    public static EventActivityBinder<Attempt, LeadReturned> TakeBack(this EventActivityBinder<Attempt, LeadReturned> call) =>
        call.Activity(x => x.OfType<TakeBackOffer>());
}

/// <summary>
/// The lead was given to an agent's line: from here on the attempt is a call. Told again, it says that the call is known to the
/// router and not over, so there is no need to give it up.
/// </summary>
internal sealed class DialOffer(PacerDbContext db, IOptions<PacerOptions> options, TimeProvider clock) : CallActivity<LeadDialed>("dial-offer")
{
    protected override async Task Run(BehaviorContext<Attempt, LeadDialed> context)
    {
        var (call, told) = (context.Saga, context.Message);
        // The agent's line asked for it, in a trace of its own.
        Activity.Current.LinkTo(call.TraceParent);
        call.LookUps = 0;
        call.DeadlineAt = clock.GetUtcNow() + options.Value.AnsweredDeadline;
        if (call.SessionId is null)
        {
            call.SessionId = told.SessionId;
            call.AgentId ??= told.AgentId;
            call.ProviderCallId ??= told.ProviderCallId;
            call.RequestedAt = told.OccurredAt;
            call.SubmittedAt = told.OccurredAt;
            call.BeginsAt(told.OccurredAt);
            call.Dialed = true;
            call.CountsAsTry |= call.State != CallStates.Ended;   // one that is over was decided on by how it ended
            var whose = await db.NameOfAgent(told.AgentId, told.SessionId, context.CancellationToken);
            db.Trail.Add(TrailEntry.Of(call, told.OccurredAt, "dialed", $"Given to the line of {whose}"));
            var lead = await db.LockedLead(call.LeadId).SingleAsync(context.CancellationToken);
            lead.IsDialed(told.OccurredAt);
            await context.Publish(call.Started(told.OccurredAt), context.CancellationToken);
        }
    }
}

/// <summary>
/// The lead comes back undialed. Its attempt is closed as Canceled and is neither a try nor a redial; nobody was told of it as a
/// call, so nobody is told of its end.
/// </summary>
internal sealed class TakeBackOffer(PacerDbContext db, PacerMetrics metrics, TimeProvider clock) : CallActivity<LeadReturned>("take-back-offer")
{
    /// <summary>A lead that was skipped comes again behind the others.</summary>
    private static readonly TimeSpan AfterSkip = TimeSpan.FromMinutes(2);

    protected override async Task Run(BehaviorContext<Attempt, LeadReturned> context)
    {
        var (call, told) = (context.Saga, context.Message);
        var now = clock.GetUtcNow();
        call.State = CallStates.Ended;
        call.Outcome = Outcomes.Canceled;
        call.EndedAt = HeldTimes.Later(told.OccurredAt, call.RequestedAt);
        call.Dialed = false;
        call.CountsAsTry = false;
        call.AgentId = told.SkippedBy;
        call.Source = "platform";
        call.Reason = told.Reason;
        var skipped = told.SkippedBy is not null;
        var why = told.SkippedBy is { } agent
            ? $"{await db.NameOfAgent(agent, null, context.CancellationToken)} {told.Reason}" : told.Reason;
        db.Trail.Add(TrailEntry.Of(call, told.OccurredAt, skipped ? "skipped" : "returned", $"Came back undialed: {why}"));

        var lead = await db.LockedLead(call.LeadId).SingleAsync(context.CancellationToken);
        var state = await db.Campaigns.Where(c => c.CorrelationId == call.CampaignId).Select(c => c.State).SingleAsync(context.CancellationToken);
        if (lead.Settled is { } settled)
        {
            lead.Finish(LeadStates.Completed, Outcomes.Completed, settled, now);
            db.Trail.Add(TrailEntry.Of(call, now, "final", $"Completed: {settled}"));
        }
        else if (state == CampaignStates.Stopped)
        {
            lead.Finish(LeadStates.Canceled, LeadReasons.CampaignStopped, "The campaign was stopped.", now);
            db.Trail.Add(TrailEntry.Of(call, now, "final", "Canceled: The campaign was stopped."));
        }
        else if (lead.Withdrawal is { } withdrawal)
        {
            lead.Finish(LeadStates.Canceled, LeadReasons.Withdrawn, withdrawal, now);
            db.Trail.Add(TrailEntry.Of(call, now, "final", $"Canceled: {withdrawal}"));
        }
        else
        {
            lead.ComeBack(skipped ? LeadReasons.Skipped : LeadReasons.Returned, $"Came back from the hopper undialed: {why}",
                skipped ? now + AfterSkip : now, now);
        }

        metrics.Returned(skipped);
    }
}
