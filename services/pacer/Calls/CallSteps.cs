using MassTransit;
using Outdial.Contracts;
using Outdial.Pacer.Suppressions;

namespace Outdial.Pacer.Calls;

/// <summary>The verbs of <see cref="CallStateMachine"/>.</summary>
internal static class CallSteps
{
    public static EventActivityBinder<Attempt, T> LearnOfCall<T>(this EventActivityBinder<Attempt, T> call) where T : class =>
        call.Activity(x => x.OfType<RecordEvent<T>>());

    /// <summary>
    /// Moves up to <paramref name="state"/>, never down, and waits <paramref name="patience"/> for the next word. Of a call that was said to be
    /// over no further word may come: that one is looked up as soon as it was due anyway.
    /// </summary>
    public static EventActivityBinder<Attempt, T> Forward<T>(
        this EventActivityBinder<Attempt, T> call, State state, TimeSpan patience) where T : class =>
        call.If(
            x => CallProgress.Rank(x.Saga.State) < CallProgress.Rank(state.Name),
            higher => higher
                .Then(x => x.Saga.DeadlineAt = x.Saga.ProvisionalEndedAt is null ? x.Now() + patience : x.Saga.DeadlineAt)
                .TransitionTo(state));

    public static EventActivityBinder<Attempt, CallDigitsPressed> TakeDigits(this EventActivityBinder<Attempt, CallDigitsPressed> call) =>
        call.Activity(x => x.OfType<TakeDigits>());

    public static EventActivityBinder<Attempt, CallUncertain> BeginReconciling(this EventActivityBinder<Attempt, CallUncertain> call) =>
        call.Then(x =>
        {
            x.Saga.UncertainReason ??= x.Message.Reason;
            x.Saga.Dialed = true;   // for all we know the phone rings
            x.Saga.DeadlineAt = x.Message.OccurredAt;   // look at once
        });

    /// <summary>
    /// What was said does not end the call, because it is in doubt (see <see cref="FinalWord"/>) or a step: the call goes on, and the provider's
    /// records are asked when nothing better came by then.
    /// </summary>
    public static EventActivityBinder<Attempt, CallTerminated> AskRecords(this EventActivityBinder<Attempt, CallTerminated> call, TimeSpan after) =>
        call.Then(x => x.Saga.DeadlineAt = x.Now() + after is var at && at < x.Saga.DeadlineAt ? at : x.Saga.DeadlineAt);

    /// <summary>Ends the attempt with its one outcome and decides what becomes of the lead, in this same transaction.</summary>
    public static EventActivityBinder<Attempt, T> Close<T>(this EventActivityBinder<Attempt, T> call) where T : class =>
        call.Activity(x => x.OfType<CloseAttempt<T>>());

    private static DateTimeOffset Now<T>(this BehaviorContext<Attempt, T> x) where T : class =>
        x.GetServiceOrCreateInstance<TimeProvider>().GetUtcNow();
}
