using Outdial.Contracts;

namespace Outdial.Pacer.Calls;

/// <summary>What each event teaches about an attempt. Every rule is "fill a blank", "take the earlier", "take the longer" or "this word overrules":
/// order does not matter.</summary>
internal static class AttemptFacts
{
    /// <summary>
    /// Of several recordings that of the longest conversation is kept (its rank is the seconds talked), then the one that came with the final word,
    /// with a step that tells of no conversation (a message that was left), with the records.
    /// </summary>
    private const double OfFinalWord = 0, OfStep = -1, OfRecords = -2;

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
                call.LearnRecording(e.RecordingUrl, null, OfStep);
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
                call.LearnTalk(e.TalkTime);
                call.LearnRecording(e.RecordingUrl, e.TalkTime, OfStep);
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
                if (e is { Provisional: true, Source: not FinalWord.Reconciliation } || e.Outcome == Outcomes.Abandoned)
                    call.LearnAnswered(e);
                if (e.Step)
                    call.StepOutcome = e.Outcome == Outcomes.Completed ? e.Outcome : call.StepOutcome ?? e.Outcome;
                FinalWord.Keep(call, e);
                if (FinalWord.IsDoubtful(call, e) && !(call.ProvisionalEndedAt >= call.At(e)))
                    call.ProvisionalEndedAt = call.At(e);   // the later of several
                if (!e.Step)   // a step tells the cause of a leg that was dialed for the lead
                {
                    call.RawStatus ??= e.RawStatus;
                    call.Cause ??= e.Cause;
                    call.CauseName ??= e.CauseName;
                }
                call.LearnTalk(e.TalkTime);
                call.AnsweredBy ??= e.AnsweredBy;
                call.LearnRecording(e.RecordingUrl, e.TalkTime, e.Step ? OfStep : OfFinalWord);
                break;
            case CallDetailed e:
                call.ProviderCallId ??= e.ProviderCallId;
                call.Duration ??= e.Duration;
                call.LearnTalk(e.TalkTime);
                call.Price ??= e.Price;
                call.AnsweredBy ??= e.AnsweredBy;
                call.LearnRecording(e.RecordingUrl, null, OfRecords);
                if (e.InVain is { } inVain && call.Dialed && !CampaignModes.IsAgentFirst(call.Mode))
                    FinalWord.Keep(call, e, inVain);
                break;
        }
    }

    /// <summary>Nothing was heard from the provider about this attempt: no phone can have rung for it.</summary>
    public static bool NobodyRang(this Attempt call) =>
        call is { ProviderCallId: null, RingingAt: null, AnsweredAt: null, ProvisionalEndedAt: null, ToldOutcome: null }
        && CallProgress.Rank(call.State) <= CallProgress.Rank(Attempt.Submitting);

    /// <summary>Each word knows of the conversation up to its time, and some of none.</summary>
    private static void LearnTalk(this Attempt call, TimeSpan? told)
    {
        if (told is not null && !(told <= call.TalkTime))
            call.TalkTime = told;
    }

    private static void LearnRecording(this Attempt call, string? url, TimeSpan? talk, double without)
    {
        var rank = talk > TimeSpan.Zero ? talk.Value.TotalSeconds : without;
        if (url is null || call.RecordingRank > rank || (call.RecordingRank == rank && string.CompareOrdinal(url, call.RecordingUrl) >= 0))
            return;
        if (call.RecordingRank is null && call.RecordingUrl is not null)
            return;   // learned before ranks were kept
        (call.RecordingUrl, call.RecordingRank) = (url, rank);
    }

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
