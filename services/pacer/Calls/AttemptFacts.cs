using Outdial.Contracts;

namespace Outdial.Pacer.Calls;

/// <summary>What each event teaches about an attempt. Every rule is "fill a blank", "take the earlier", "take the longer" or "the better word
/// overrules":
/// order does not matter.</summary>
internal static class AttemptFacts
{
    /// <summary>
    /// Of several recordings that of the longest conversation is kept (its rank is the seconds talked), then the one that came with the final word,
    /// with a step that tells of no conversation (a message that was left), with the records.
    /// </summary>
    private const double OfFinalWord = 0, OfStep = -1, OfRecords = -2;

    /// <summary>
    /// Who picked up is known better the later it is said: while the call goes on, at its end, in the records. Of two words of one kind that for a
    /// machine stands: somebody noticed one, where "a person" may say no more than that nobody looked.
    /// </summary>
    private const int WhileItLasts = 1, AtTheEnd = 2, InRecords = 3;

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
                call.LearnWho(e.AnsweredBy, WhileItLasts);
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
                call.LearnWho(e.AnsweredBy, e.Step ? WhileItLasts : e.Source == FinalWord.Reconciliation ? InRecords : AtTheEnd);
                call.LearnRecording(e.RecordingUrl, e.TalkTime, e.Step ? OfStep : OfFinalWord);
                break;
            case CallDetailed e:
                call.ProviderCallId ??= e.ProviderCallId;
                if (e.Duration is not null && !(e.Duration <= call.Duration))
                    call.Duration = e.Duration;   // a record that is read too early has not all of it
                call.LearnTalk(e.TalkTime);
                call.Price ??= e.Price;
                call.LearnWho(e.AnsweredBy, InRecords);
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

    private static void LearnWho(this Attempt call, string? told, int rank)
    {
        // A row without a rank was written by a version that kept the first word; it stands like a final one.
        var known = call.AnsweredByRank ?? (call.AnsweredBy is null ? null : AtTheEnd);
        if (told is null || known > rank || (known == rank && !Outweighs(told, call.AnsweredBy!)))
            return;
        (call.AnsweredBy, call.AnsweredByRank) = (told, rank);
    }

    private static bool Outweighs(string told, string known) =>
        AnsweredBy.IsMachine(told) != AnsweredBy.IsMachine(known) ? AnsweredBy.IsMachine(told) : string.CompareOrdinal(told, known) < 0;

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
