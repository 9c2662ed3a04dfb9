using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Reconciliation;

/// <summary>
/// What follows from what the provider's records show of a silent call, or from their silence: it has ended, it is looked up again, or nothing more
/// will be learned of it. Told to the call's saga, which alone moves the call.
/// </summary>
internal sealed class SilentCallVerdict(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, PacerMetrics metrics, IOptions<PacerOptions> options, TimeProvider clock,
    ILogger<SilentCallVerdict> log)
{
    private readonly PacerOptions _options = options.Value;

    /// <summary>The records could not be read: they are asked again, until no call could last so long any more.</summary>
    public async Task Unreadable(Attempt call, string error, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (IsDoubtOver(call))
        {
            await TellOver(call, null, now, cancel);
            return;
        }
        if (IsLongerThanAnyCall(call, now))
        {
            log.Reconciled(call.CorrelationId, $"unreadable in {call.LookUps} look-ups");
            metrics.Reconciled("unknown");
            await GiveUp(call, null, now, cancel);
            return;
        }
        await db.ExplainSilence(call.LeadId, LeadReasons.BeingDialed,
            $"How the call of {Placed(call):u} goes on is not known: "
            + $"the provider's records could not be read when last asked ({error.TrimEnd('.')}).", cancel);
        if (call.LookUps >= _options.MaxLookUps)
            await LookLater(call, now, cancel);
    }

    /// <param name="record">Null: the records do not show the call.</param>
    public async Task Judge(Attempt call, CallRecord? record, DateTimeOffset now, CancellationToken cancel)
    {
        if (record?.Outcome is not null)
        {
            log.Reconciled(call.CorrelationId, $"{record.RawStatus}");
            metrics.Reconciled("ended");
            await TellEnd(call, record, now, cancel);
        }
        else if (record is { OutcomeFromLedger: true } && call.ProvisionalEndedAt is null && call.LookUps < _options.GoneAfterLookUps)
        {
            metrics.Reconciled("not-yet");   // how it ended may be on its way
        }
        else if (record is { OutcomeFromLedger: true } || (record is null && call.ProvisionalEndedAt is not null) || IsDoubtOver(call))
        {
            log.Reconciled(call.CorrelationId, $"over, {record?.RawStatus ?? "not listed any more"}");
            metrics.Reconciled("gone");
            await TellOver(call, record, now, cancel);
        }
        else if (call.ProvisionalEndedAt is null && IsGivenUp(call, record, now))
        {
            log.Reconciled(call.CorrelationId, $"still {record?.RawStatus ?? "unknown there"} after {call.LookUps} look-ups");
            metrics.Reconciled("unknown");
            await GiveUp(call, record, now, cancel);
        }
        else
        {
            metrics.Reconciled("still-going");
            await db.ExplainSilence(call.LeadId, LeadReasons.BeingDialed, record is null ? "The provider's records do not know the call yet."
                : $"When last asked, the provider's records showed the call as {record.RawStatus}.", cancel);
            if (call.ProvisionalEndedAt is null && call.LookUps >= _options.MaxLookUps)
                await LookLater(call, now, cancel);
            if (record is { Stage: CallStates.Connected } && call.ConnectedAt is null)
                await TellConnected(call, record, now, cancel);
        }
    }

    /// <summary>
    /// Nothing will be learned of its end: the records do not know the call, or show it under way for longer than any call can last. Before
    /// that its lead is not free, because whoever is dialed again talks already.
    /// </summary>
    private bool IsGivenUp(Attempt call, CallRecord? record, DateTimeOffset now) =>
        record is null ? call.LookUps >= _options.MaxLookUps : IsLongerThanAnyCall(call, now);

    private bool IsLongerThanAnyCall(Attempt call, DateTimeOffset now) => now - Placed(call) >= call.RingTimeout + _options.LongestCall;

    /// <summary>A long call is looked up again after a tenth of the time that it has lasted.</summary>
    private Task LookLater(Attempt call, DateTimeOffset now, CancellationToken cancel)
    {
        var later = (now - Placed(call)) / 10;
        var at = now + (later > _options.LookUpAgainAfter ? later : _options.LookUpAgainAfter);
        return db.PutOff(call, at, cancel);
    }

    public static DateTimeOffset Placed(Attempt call) => call.SubmittedAt ?? call.RequestedAt;

    /// <summary>
    /// A call that was said to be over is not waited for longer than any other is looked up, listed or not. What the ledger knows decides then;
    /// for one that waited in vain that is Abandoned, after which the person is left alone for days: the safe side.
    /// </summary>
    private bool IsDoubtOver(Attempt call) =>
        call.ProvisionalEndedAt is { } at && clock.GetUtcNow() - at >= _options.MaxLookUps * _options.LookUpAgainAfter;

    /// <summary>Nothing more will be learned. What steps of its flow told decides; where none did, nobody knows.</summary>
    private Task GiveUp(Attempt call, CallRecord? record, DateTimeOffset now, CancellationToken cancel) =>
        call.StepOutcome is null ? Terminated(call, Outcomes.Unknown, now, record, now, cancel) : TellOver(call, record, now, cancel);

    /// <summary>The call is over, and how follows from what the ledger knows of it.</summary>
    private Task TellOver(Attempt call, CallRecord? record, DateTimeOffset now, CancellationToken cancel)
    {
        // Connected after it was said to be over: then it ended at some time since.
        var said = call.ConnectedAt > call.ProvisionalEndedAt ? null : call.ProvisionalEndedAt;
        return Terminated(call, FinalWord.FromLedger(call), record?.EndedAt ?? said ?? now, record, now, cancel, provisional: true);
    }

    /// <summary>The event of the connection did not come, or the provider sends none any more; the records show it.</summary>
    private Task TellConnected(Attempt call, CallRecord record, DateTimeOffset now, CancellationToken cancel)
    {
        log.Reconciled(call.CorrelationId, "connected with an agent");
        return outbox.Publish(new CallConnected
        {
            EventId = Guid.CreateVersion7(now),
            AttemptId = call.CorrelationId,
            Account = call.Account,
            ProviderCallId = record.ProviderCallId,
            OccurredAt = now,
            ReceivedAt = now,
            RawStatus = record.RawStatus,
        }, cancel);
    }

    public async Task TellEnd(Attempt call, CallRecord record, DateTimeOffset now, CancellationToken cancel)
    {
        if (record.Outcome is { } outcome)
            await Terminated(call, outcome, record.EndedAt ?? now, record, now, cancel);
    }

    /// <summary>Nobody who could know of its end answers.</summary>
    public Task TellUnknown(Attempt call, DateTimeOffset now, CancellationToken cancel) => Terminated(call, Outcomes.Unknown, now, null, now, cancel);

    /// <param name="provisional">That it is over was read, and how it ended was not: the ledger decides, now and when it learns more.</param>
    private Task Terminated(
        Attempt call, string outcome, DateTimeOffset endedAt, CallRecord? record, DateTimeOffset now, CancellationToken cancel,
        bool provisional = false) =>
        outbox.Publish(Word(call, outcome, endedAt, record, now) with { Provisional = provisional }, cancel);

    /// <summary>What a record says of the end of a call.</summary>
    internal static CallTerminated Word(Attempt call, string outcome, DateTimeOffset endedAt, CallRecord? record, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        AttemptId = call.CorrelationId,
        Account = call.Account,
        ProviderCallId = record?.ProviderCallId ?? call.ProviderCallId,
        OccurredAt = endedAt,
        // That it was over then was heard before.
        ReceivedAt = call.ProvisionalEndedAt is { } heard && heard > now ? heard : now,
        RawStatus = record?.RawStatus,
        Outcome = outcome,
        TalkTime = record?.TalkTime,
        AnsweredBy = record?.AnsweredBy,
        RecordingUrl = record?.RecordingUrl,
        Source = FinalWord.Reconciliation,
    };
}
