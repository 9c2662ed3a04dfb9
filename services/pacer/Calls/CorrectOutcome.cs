using MassTransit;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Telemetry;
using Outdial.Pacer.Trails;

namespace Outdial.Pacer.Calls;

/// <summary>
/// An attempt was closed on a guess, because nothing was heard for too long, and now the provider's own word has come: it stands. The lead
/// is moved on by it where nothing has happened since.
/// </summary>
internal sealed class CorrectOutcome(PacerDbContext db, DropRule drops, PacerMetrics metrics, TimeProvider clock) : IStateMachineActivity<Attempt, CallTerminated>
{
    /// <summary>Whether this word is to replace the outcome.</summary>
    public static bool Applies(Attempt call, CallTerminated said) =>
        call.Dialed && (call.Source == EndSources.Inferred || call.Outcome == Outcomes.Unknown)
        && said.Source != EndSources.Inferred && said.Outcome != Outcomes.Unknown && !said.Provisional
        && FinalWord.Outcome(call, said) is var told && told != Outcomes.Unknown && told != call.Outcome;

    public async Task Execute(BehaviorContext<Attempt, CallTerminated> context, IBehavior<Attempt, CallTerminated> next)
    {
        var (call, said) = (context.Saga, context.Message);
        var (before, ending) = (call.Outcome!, call.EndsAt(Ending.Of(call, said)));
        (call.Outcome, call.Source) = (ending.Outcome, ending.Source);
        var (wasTry, isTry) = (call.CountsAsTry, call.CountsAsTry || ending.CountsAsTry);
        call.CountsAsTry = isTry;
        call.Dropped = await drops.Of(call, context.CancellationToken);
        db.Trail.Add(TrailEntry.Of(call, clock.GetUtcNow(), "corrected", $"{before} was a guess; it ended {ending.Outcome}, told by {ending.Source}"));
        await MoveLead(call, ending, isTry && !wasTry, context.CancellationToken);
        await context.Publish(EndedAttempt.Of(call, ending), context.CancellationToken);
        metrics.Corrected(before, ending.Outcome);
        await next.Execute(context);
    }

    public Task Faulted<TException>(BehaviorExceptionContext<Attempt, CallTerminated, TException> context, IBehavior<Attempt, CallTerminated> next)
        where TException : Exception => next.Faulted(context);

    public void Probe(ProbeContext context) => context.CreateScope("correct-outcome");

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    private async Task MoveLead(Attempt call, Ending ending, bool oneMoreTry, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var after = await LeadAfterCall.LockAsync(db, call, ending, cancel);
        var lead = after.Lead;
        if (oneMoreTry)
            lead.CountTry();
        if (lead.Attempts != call.AttemptNumber)
            return;   // dialed again meanwhile: that attempt decides
        lead.Correct(ending.Outcome);
        var plan = after.Next(ending);
        if (plan is AfterAttempt.Final final && (lead.State == LeadStates.Exhausted || (lead.State == LeadStates.Waiting && lead.CallBackAt is null)))
            lead.Finish(final.State, final.Reason, final.Text, now);
        else if (plan is AfterAttempt.Again again && lead.State == LeadStates.Waiting && lead.CallBackAt is null)
            lead.Hold(LeadReasons.RedialDelay, again.Text, again.DueAt, now);
    }
}
