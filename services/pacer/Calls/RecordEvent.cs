using MassTransit;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;

namespace Outdial.Pacer.Calls;

/// <summary>Learns an event's facts and writes it into the lead's trail; a repetition that teaches nothing is not written again.</summary>
internal sealed class RecordEvent<T>(PacerDbContext db, CorrectOutcome correct, ProviderClocks clocks) : CallActivity<T>("record-event")
    where T : class
{
    protected override async Task Run(BehaviorContext<Attempt, T> context)
    {
        var call = context.Saga;
        var told = call is { IsOpen: false, Outcome: not null, EndedAt: not null } ? ToldOfEnd.Of(call) : null;
        var held = call.Held(context.Message);
        var odd = held.Oddity is null ? null : clocks.Odd(call.Account, held, context.Message);
        if (Told(call, context.Message) is var (kind, text))
            db.Trail.Add(TrailEntry.Of(call, held.At, kind, odd is null ? text : $"{text}; {odd}"));
        call.Learn(context.Message);
        call.KeepOrder();
        if (told is not null)
            await correct.Weigh(call, context.Message, told, context, context.CancellationToken);
    }

    private static (string Kind, string Text)? Told(Attempt call, object said) => said switch
    {
        CallOriginated e when call.ProviderCallId is null => ("submitted", $"The provider took the call as {e.ProviderCallId}"),
        CallUncertain e when call.UncertainReason is null =>
            ("uncertain", $"Nobody knows yet whether the provider took the call ({e.Reason.TrimEnd('.')}): "
                + "its records are asked, and until then it is not dialed again"),
        CallRinging e when call.RingingAt is null => ("ringing", "The phone rings"),
        CallAnswered e when call.AnsweredAt is null => ("answered", "Answered"),
        CallQueued e when call.QueuedAt is null => ("queued", "Waits for an agent"),
        CallDequeued e when call.DequeuedAt is null => ("dequeued", "Left the queue"),
        CallConnected e when call.ConnectedAt is null => ("connected", "Connected"),
        CallTerminated { Step: true } e when call.StepOutcome != e.Outcome =>
            ("step", $"A step of the flow tells that it would end {e.Outcome}; the flow may go on"),
        CallTerminated e when call.ProvisionalEndedAt is null && FinalWord.IsInDoubt(call, e) =>
            ("in-doubt", "Said to be over, but may still wait for an agent: the provider's records are asked"),
        CallHeld e => ("held", "Put on hold"),
        CallTransferred e => ("transferred", "Handed on"),
        CallDigitsPressed e when call.Digits is null => ("digits", $"Pressed {e.Digits}"),
        _ => null,
    };
}
