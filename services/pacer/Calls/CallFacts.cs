using Outdial.Contracts;

namespace Outdial.Pacer.Calls;

/// <summary>What each event teaches about an attempt. Every rule is "fill a blank", "take the earlier" or "this word overrules": order does not
/// matter.</summary>
public static class CallFacts
{
    public static void Learn(this Attempt call, object said)
    {
        switch (said)
        {
            case CallOriginated e:
                call.ProviderCallId = e.ProviderCallId;   // the answer to our own request: what a webhook named before gives way
                break;
            case CallRinging e:
                call.LearnCall(e);
                call.RingingAt = CallProgress.Earlier(call.RingingAt, call.At(e));
                break;
            case CallAnswered e:
                call.LearnCall(e);
                call.AnsweredAt = CallProgress.Earlier(call.AnsweredAt, call.At(e));
                call.AnsweredBy ??= e.AnsweredBy;
                break;
            case CallQueued e:
                call.LearnAnswered(e);
                call.QueuedAt = CallProgress.Earlier(call.QueuedAt, call.At(e));
                break;
            case CallDequeued e:
                call.LearnAnswered(e);
                call.DequeuedAt = CallProgress.Earlier(call.DequeuedAt, call.At(e));
                break;
            case CallConnected e:
                call.LearnAnswered(e);
                call.ConnectedAt = CallProgress.Earlier(call.ConnectedAt, call.At(e));
                call.AgentId ??= e.AgentId;
                break;
            case CallHeld or CallTransferred:
                call.LearnCall((ICallEvent)said);
                break;
            case CallDigitsPressed e:
                call.LearnAnswered(e);
                call.Digits ??= e.Digits;
                break;
            case CallTerminated e:
                call.LearnCall(e);
                if (e.Provisional || e.Outcome == Outcomes.Abandoned)
                    call.LearnAnswered(e);
                if (FinalWord.IsDoubtful(call, e) && !(call.ProvisionalEndedAt >= call.At(e)))
                    call.ProvisionalEndedAt = call.At(e);   // the later of several
                call.RawStatus ??= e.RawStatus;
                call.Cause ??= e.Cause;
                call.CauseName ??= e.CauseName;
                call.TalkTime ??= e.TalkTime;
                call.AnsweredBy ??= e.AnsweredBy;
                call.RecordingUrl ??= e.RecordingUrl;
                break;
            case CallDetailed e:
                call.ProviderCallId ??= e.ProviderCallId;
                call.Duration ??= e.Duration;
                call.TalkTime ??= e.TalkTime;
                call.Price ??= e.Price;
                call.AnsweredBy ??= e.AnsweredBy;
                call.RecordingUrl ??= e.RecordingUrl;
                break;
        }
    }

    /// <summary>Nothing was heard from the provider about this attempt: no phone can have rung for it.</summary>
    public static bool NobodyRang(this Attempt call) =>
        call.ProviderCallId is null && CallProgress.Rank(call.State) <= CallProgress.Rank(Attempt.Submitting);

    /// <summary>Whatever the event tells, the lead had answered by then: the answer's own event may have been lost.</summary>
    private static void LearnAnswered(this Attempt call, ICallEvent said)
    {
        call.LearnCall(said);
        call.AnsweredAt = CallProgress.Earlier(call.AnsweredAt, call.At(said));
    }

    private static void LearnCall(this Attempt call, ICallEvent said)
    {
        call.ProviderCallId ??= said.ProviderCallId;
        call.Dialed = true;
    }
}
