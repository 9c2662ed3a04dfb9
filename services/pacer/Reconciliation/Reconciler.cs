using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Reconciliation;

/// <summary>
/// Looks into attempts that have been silent past their deadline and asks the provider's own records for the truth. Silence
/// never leaves a lead stuck; an uncertain attempt is never repeated blindly.
/// </summary>
internal sealed class Reconciler(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, ITelephonyProviders providers, PacerMetrics metrics, IOptions<PacerOptions> options,
    TimeProvider clock, ILogger<Reconciler> log)
{
    /// <summary>How far the provider's clock may be from ours, and zones from each other: a call may be listed under another time.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10), FarthestZones = TimeSpan.FromHours(26);

    /// <summary>A call is in the records so soon after it was asked for.</summary>
    private static readonly TimeSpan SoonCreated = TimeSpan.FromMinutes(2);
    private readonly PacerOptions _options = options.Value;

    /// <summary>Takes the attempt that is overdue longest. False when none is.</summary>
    public async Task<bool> Next(CancellationToken cancel)
    {
        if (await Claim(cancel) is not { } call)
            return false;
        try
        {
            await (call switch
            {
                { State: CallStates.Offered } => AskBack(call, cancel),
                _ when CampaignModes.IsAgentFirst(call.Mode) => AskRouter(call, cancel),
                { State: CallStates.Requested } => Expire(call, cancel),
                { ProviderCallId: null } => Search(call, cancel),
                _ => LookUp(call, cancel),
            });
            await db.SaveChangesAsync(cancel);
        }
        catch (ProviderException e)
        {
            metrics.Reconciled("unreachable");
            log.LookUpFailed(call.CorrelationId, e.Message);
            await Unreadable(call, e.Message, cancel);
            await db.SaveChangesAsync(cancel);
        }

        return true;
    }

    /// <summary>Pushes the deadline on, so that other replicas leave the attempt alone while this one asks.</summary>
    private async Task<Attempt?> Claim(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var lease = now + _options.LookUpAgainAfter;
        var soon = now + _options.DoubtLookUpAfter;
        var claimed = await db.Attempts.FromSql(
            $"""
            update attempts set deadline_at = case when provisional_ended_at is null then {lease} else {soon} end, look_ups = look_ups + 1, version = version + 1
            where id = (select id from attempts where state <> 'Ended' and deadline_at <= {now} order by deadline_at limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancel);
        return claimed.SingleOrDefault();
    }

    /// <summary>The records could not be read: they are asked again, until no call could last so long any more.</summary>
    private async Task Unreadable(Attempt call, string error, CancellationToken cancel)
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
        await Explain(call, $"How the call of {Placed(call):u} goes on is not known: the provider's records could not be read when last asked ({error.TrimEnd('.')}).", cancel);
        if (call.LookUps >= _options.MaxLookUps)
            await LookLater(call, now, cancel);
    }

    /// <summary>What one is told who asks why nothing happens to the lead.</summary>
    private Task Explain(Attempt call, string text, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update leads set reason_text = {text} where id = {call.LeadId} and state = {LeadStates.Dialing} and reason = {LeadReasons.BeingDialed}", cancel);

    /// <summary>
    /// Still in the hopper long after its time: the router is asked, as often as it takes. Nothing else takes it back, because a
    /// router that does not answer may yet have it dialed.
    /// </summary>
    private async Task AskBack(Attempt call, CancellationToken cancel)
    {
        metrics.Reconciled("held-by-router");
        log.Reconciled(call.CorrelationId, "held by the router");
        var text = $"Held by the router since {call.OfferedAt:u}; asked back {call.LookUps} times, without an answer yet.";
        await db.Database.ExecuteSqlAsync(
            $"update leads set reason_text = {text} where id = {call.LeadId} and state = {LeadStates.Dialing} and reason = {LeadReasons.InHopper}", cancel);
        await AskRouterFor(call, "its time in the hopper is over", cancel);
    }

    /// <summary>Dialed over an agent's line, and silent: the router tells again what it knows, or is as silent as the call.</summary>
    private async Task AskRouter(Attempt call, CancellationToken cancel)
    {
        if (call.LookUps < _options.MaxLookUps)
        {
            metrics.Reconciled("asked-router");
            await AskRouterFor(call, "no word on how it ended", cancel);
            return;
        }

        var now = clock.GetUtcNow();
        log.Reconciled(call.CorrelationId, $"the router did not answer {call.LookUps} times");
        metrics.Reconciled("unknown");
        await Terminated(call, Outcomes.Unknown, now, null, now, cancel);
    }

    private Task AskRouterFor(Attempt call, string reason, CancellationToken cancel) =>
        outbox.Publish(new ReturnLeads { CampaignId = call.CampaignId, AttemptIds = [call.CorrelationId], Reason = reason }, cancel);

    /// <summary>Never issued: its order expired or was lost. The issuer cannot flip it any more, so nothing rings.</summary>
    private async Task Expire(Attempt call, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (!await db.TryWithdraw(call.CorrelationId, cancel))
            return;
        metrics.Reconciled("expired");
        await outbox.Publish(new CallRefused
        {
            EventId = Guid.CreateVersion7(now),
            AttemptId = call.CorrelationId,
            CampaignId = call.CampaignId,
            Account = call.Account,
            OccurredAt = now,
            ReceivedAt = now,
            Outcome = Outcomes.Canceled,
            Reason = "no issuer placed it in time",
            LeadKeepsTry = true,
        }, cancel);
    }

    /// <summary>The request went out, or may have; its answer is not known. The provider's list of calls to this number decides.</summary>
    private async Task Search(Attempt call, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var asked = Placed(call);
        // One person has one open attempt, so a record that no other attempt owns is this attempt's.
        var record = (await Nobodys(call, asked - ClockSkew, now + ClockSkew, cancel)).FirstOrDefault();
        // Before it is said that it was never placed: the records may keep the time of another zone than we believe.
        if (record is null && now - asked >= _options.NotFoundAfter)
        {
            record = (await Nobodys(call, asked - FarthestZones, now + FarthestZones, cancel))
                .FirstOrDefault(r => r.CreatedAt is { } at && ForeignClock.ZonesBehind(at, asked + SoonCreated) is not null);
        }
        if (record is null)
        {
            await NotThere(call, asked, now, cancel);
            return;
        }

        metrics.Reconciled("found");
        log.Reconciled(call.CorrelationId, $"placed as {record.ProviderCallId}, {record.RawStatus}");
        await outbox.Publish(new CallOriginated
        {
            EventId = Guid.CreateVersion7(now),
            AttemptId = call.CorrelationId,
            CampaignId = call.CampaignId,
            Account = call.Account,
            ProviderCallId = record.ProviderCallId,
            OccurredAt = record.CreatedAt ?? now,
            ReceivedAt = now,
        }, cancel);
        // Lists show that a call was answered and is over, and not how it went.
        if (record.Outcome is not null && await providers.Get(call.Account).GetCallAsync(record.ProviderCallId, cancel) is { } whole)
            await TellEnd(call, whole, now, cancel);
    }

    /// <summary>The provider's calls to the number that no other attempt owns, those first that were made when this one was asked for.</summary>
    private async Task<IEnumerable<CallRecord>> Nobodys(Attempt call, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var records = await providers.Get(call.Account).FindCallsAsync(call.Number, from, to, cancel);
        var ids = records.Select(r => r.ProviderCallId).ToArray();
        var known = await db.Attempts
            .Where(a => a.Account == call.Account && ids.Contains(a.ProviderCallId!) && a.CorrelationId != call.CorrelationId)
            .Select(a => a.ProviderCallId).ToListAsync(cancel);
        return records.Where(r => !known.Contains(r.ProviderCallId)).OrderBy(r => (r.CreatedAt - Placed(call))?.Duration());
    }

    private async Task NotThere(Attempt call, DateTimeOffset asked, DateTimeOffset now, CancellationToken cancel)
    {
        // Records may lag behind the call: one look is not enough to call it never placed.
        if (now - asked < _options.NotFoundAfter)
        {
            metrics.Reconciled("not-yet");
            return;
        }
        if (!call.NobodyRang())
        {
            // It was heard of by words that name no call of the provider's.
            await Judge(call, null, now, cancel);
            return;
        }

        metrics.Reconciled("never-placed");
        log.Reconciled(call.CorrelationId, "no such call");
        await outbox.Publish(new CallNotFound
        {
            EventId = Guid.CreateVersion7(now),
            AttemptId = call.CorrelationId,
            CampaignId = call.CampaignId,
            Account = call.Account,
            OccurredAt = now,
            ReceivedAt = now,
            Reason = $"the provider's records show no such call {(now - asked).TotalMinutes:0} minutes after the request",
        }, cancel);
    }

    /// <summary>The provider took the call and has been silent since.</summary>
    private async Task LookUp(Attempt call, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await Judge(call, await providers.Get(call.Account).GetCallAsync(call.ProviderCallId!, cancel), now, cancel);
    }

    /// <param name="record">Null: the records do not show the call.</param>
    private async Task Judge(Attempt call, CallRecord? record, DateTimeOffset now, CancellationToken cancel)
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
            await Explain(call, record is null ? "The provider's records do not know the call yet." : $"When last asked, the provider's records showed the call as {record.RawStatus}.", cancel);
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
        return db.Database.ExecuteSqlAsync(
            $"update attempts set deadline_at = {at} where id = {call.CorrelationId} and version = {call.Version} and state <> 'Ended'", cancel);
    }

    private static DateTimeOffset Placed(Attempt call) => call.SubmittedAt ?? call.RequestedAt;

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

    private async Task TellEnd(Attempt call, CallRecord record, DateTimeOffset now, CancellationToken cancel)
    {
        if (record.Outcome is { } outcome)
            await Terminated(call, outcome, record.EndedAt ?? now, record, now, cancel);
    }

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
