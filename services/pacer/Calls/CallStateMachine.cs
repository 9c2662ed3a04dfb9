using System.Linq.Expressions;
using MassTransit;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Hopper;
using Outdial.Pacer.Suppressions;
using Outdial.Platform;

namespace Outdial.Pacer.Calls;

/// <summary>
/// The life of one attempt. The pulse writes it as Requested, the issuer flips it to Submitting (or the pulse offers it to the
/// agents' hopper, and the router has it dialed), and from there the
/// provider's words move it forward, in any order and any number of times, to exactly one outcome.
/// </summary>
internal sealed class CallStateMachine : MassTransitStateMachine<Attempt>
{
    public CallStateMachine(IOptions<PacerOptions> options)
    {
        InstanceState(call => call.State);
        Correlate();
        var patience = options.Value;

        // Offered to the agents' hopper: the router's word decides, once, whether it becomes a call.
        During(Offered,
            When(WasDialed).LearnOfDialing().Forward(Submitted, patience.SubmittedDeadline),
            When(WasReturned).TakeBack(),
            Ignore(WasRefused), Ignore(WasNotFound), Ignore(BecameUncertain));
        During([Submitted, Ringing, Answered, Queued, Connected],
            When(WasDialed).LearnOfDialing(),
            Ignore(WasReturned));

        During([Offered, Requested, Submitting, Submitted, Ringing, Answered, Queued, Connected],
            When(WasOriginated).LearnOfCall().Forward(Submitted, patience.SubmittedDeadline),
            When(WasRinging).LearnOfCall().Forward(Ringing, patience.SubmittedDeadline),
            When(WasAnswered).LearnOfCall().Forward(Answered, patience.AnsweredDeadline),
            When(WasQueued).LearnOfCall().Forward(Queued, patience.AnsweredDeadline),
            When(WasDequeued).LearnOfCall().Forward(Queued, patience.AnsweredDeadline),
            When(WasConnected).LearnOfCall().Forward(Connected, patience.AnsweredDeadline).If(x => FinalWord.IsSettled(x.Saga), call => call.Close()),
            When(WasHeld).LearnOfCall(),
            When(WasTransferred).LearnOfCall(),
            When(DigitsCame).LearnOfCall().Forward(Answered, patience.AnsweredDeadline).TakeDigits(),
            When(WasTerminated).LearnOfCall().IfElse(
                x => x.Message.Step, call => call.Forward(Answered, patience.AnsweredDeadline).AskRecords(after: patience.StepDeadline),
                call => call.IfElse(x => FinalWord.IsInDoubt(x.Saga, x.Message), doubt => doubt.AskRecords(TimeSpan.Zero), sure => sure.Close())),
            When(WasDetailed).LearnOfCall());
        During([Requested, Submitting, Submitted, Ringing, Answered, Queued, Connected],
            When(WasRefused).If(x => x.Saga.NobodyRang(), call => call.Close()),
            When(WasNotFound).If(x => x.Saga.NobodyRang(), call => call.Close()),
            When(BecameUncertain).If(x => x.Saga.State == Attempt.Submitting, call => call.LearnOfCall().BeginReconciling()));

        // Terminal is terminal. What comes late fills blanks, and how it ended is weighed with it.
        During(Ended,
            When(WasOriginated).LearnOfCall(),
            When(WasRinging).LearnOfCall(),
            When(WasAnswered).LearnOfCall(),
            When(WasQueued).LearnOfCall(),
            When(WasDequeued).LearnOfCall(),
            When(WasConnected).LearnOfCall(),
            When(WasHeld).LearnOfCall(),
            When(WasTransferred).LearnOfCall(),
            When(DigitsCame).LearnOfCall().TakeDigits(),
            When(WasTerminated).LearnOfCall(),
            When(WasDetailed).LearnOfCall(),
            // If it came back before, that word counts and not this one.
            When(WasDialed).If(x => x.Saga.Dialed, call => call.LearnOfDialing()),
            Ignore(WasReturned),
            Ignore(WasRefused), Ignore(WasNotFound), Ignore(BecameUncertain));
    }

    public State Offered { get; private set; } = null!;
    public State Requested { get; private set; } = null!;
    public State Submitting { get; private set; } = null!;
    public State Submitted { get; private set; } = null!;
    public State Ringing { get; private set; } = null!;
    public State Answered { get; private set; } = null!;
    public State Queued { get; private set; } = null!;
    public State Connected { get; private set; } = null!;
    public State Ended { get; private set; } = null!;

    public Event<LeadDialed> WasDialed { get; private set; } = null!;
    public Event<LeadReturned> WasReturned { get; private set; } = null!;
    public Event<CallOriginated> WasOriginated { get; private set; } = null!;
    public Event<CallRefused> WasRefused { get; private set; } = null!;
    public Event<CallUncertain> BecameUncertain { get; private set; } = null!;
    public Event<CallNotFound> WasNotFound { get; private set; } = null!;
    public Event<CallRinging> WasRinging { get; private set; } = null!;
    public Event<CallAnswered> WasAnswered { get; private set; } = null!;
    public Event<CallQueued> WasQueued { get; private set; } = null!;
    public Event<CallDequeued> WasDequeued { get; private set; } = null!;
    public Event<CallConnected> WasConnected { get; private set; } = null!;
    public Event<CallHeld> WasHeld { get; private set; } = null!;
    public Event<CallTransferred> WasTransferred { get; private set; } = null!;
    public Event<CallDigitsPressed> DigitsCame { get; private set; } = null!;
    public Event<CallTerminated> WasTerminated { get; private set; } = null!;
    public Event<CallDetailed> WasDetailed { get; private set; } = null!;

    private void Correlate()
    {
        ByAttempt(() => WasDialed, x => x.AttemptId);
        ByAttempt(() => WasReturned, x => x.AttemptId);
        ByAttempt(() => WasOriginated, x => x.AttemptId);
        ByAttempt(() => WasRefused, x => x.AttemptId);
        ByAttempt(() => BecameUncertain, x => x.AttemptId);
        ByAttempt(() => WasNotFound, x => x.AttemptId);
        ByAttempt(() => WasRinging, x => x.AttemptId);
        ByAttempt(() => WasAnswered, x => x.AttemptId);
        ByAttempt(() => WasQueued, x => x.AttemptId);
        ByAttempt(() => WasDequeued, x => x.AttemptId);
        ByAttempt(() => WasConnected, x => x.AttemptId);
        ByAttempt(() => WasHeld, x => x.AttemptId);
        ByAttempt(() => WasTransferred, x => x.AttemptId);
        ByAttempt(() => DigitsCame, x => x.AttemptId);
        ByAttempt(() => WasTerminated, x => x.AttemptId);
        ByAttempt(() => WasDetailed, x => x.AttemptId);
    }

    // An attempt is written before anybody can speak of it: an event without one is kept apart and counted.
    private void ByAttempt<T>(Expression<Func<Event<T>>> property, Func<T, Guid> attempt) where T : class =>
        Event(property, e =>
        {
            e.CorrelateById(x => attempt(x.Message));
            e.OnMissingInstance(missing => missing.ExecuteAsync(x => UnmatchedEvents.Keep(x, attempt(x.Message))));
        });
}

internal sealed class CallStateMachineDefinition : OutboxSagaDefinition<Attempt, PacerDbContext>;
