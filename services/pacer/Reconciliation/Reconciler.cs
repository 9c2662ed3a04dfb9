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
/// Looks into attempts that have been silent past their deadline and asks the provider's own records, or the router, for the truth. Silence
/// never leaves a lead stuck; an uncertain attempt is never repeated blindly. What follows from the answer is <see cref="SilentCallVerdict"/>'s.
/// </summary>
internal sealed class Reconciler(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, SilentCallVerdict verdict, ITelephonyProviders providers, PacerMetrics metrics,
    IOptions<PacerOptions> options, TimeProvider clock, ILogger<Reconciler> log)
{
    /// <summary>How far the provider's clock may be from ours, and zones from each other: a call may be listed under another time.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10), FarthestZones = TimeSpan.FromHours(26);

    /// <summary>A call is in the records so soon after it was asked for.</summary>
    private static readonly TimeSpan SoonCreated = TimeSpan.FromMinutes(2);
    private readonly PacerOptions _options = options.Value;

    /// <summary>Takes the attempt that is overdue longest. False when none is.</summary>
    public async Task<bool> Next(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (await db.ClaimOverdue(now + _options.LookUpAgainAfter, now + _options.DoubtLookUpAfter, now, cancel) is not { } call)
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
            await verdict.Unreadable(call, e.Message, cancel);
            await db.SaveChangesAsync(cancel);
        }

        return true;
    }

    /// <summary>
    /// Still in the hopper long after its time: the router is asked, as often as it takes. Nothing else takes it back, because a
    /// router that does not answer may yet have it dialed.
    /// </summary>
    private async Task AskBack(Attempt call, CancellationToken cancel)
    {
        metrics.Reconciled("held-by-router");
        log.Reconciled(call.CorrelationId, "held by the router");
        var text = $"Held by the router since {call.OfferedAt:u}; asked back {call.LookUps} times, without an answer yet.";
        await db.ExplainSilence(call.LeadId, LeadReasons.InHopper, text, cancel);
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
        await verdict.TellUnknown(call, now, cancel);
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
        await outbox.Publish(call.Canceled("no issuer placed it in time", now), cancel);
    }

    /// <summary>The request went out, or may have; its answer is not known. The provider's list of calls to this number decides.</summary>
    private async Task Search(Attempt call, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var asked = SilentCallVerdict.Placed(call);
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
        await outbox.Publish(call.Originated(record.ProviderCallId, record.CreatedAt ?? now, now), cancel);
        // Lists show that a call was answered and is over, and not how it went.
        if (record.Outcome is not null && await providers.Get(call.Account).GetCallAsync(record.ProviderCallId, cancel) is { } whole)
            await verdict.TellEnd(call, whole, now, cancel);
    }

    /// <summary>The provider's calls to the number that no other attempt owns, those first that were made when this one was asked for.</summary>
    private async Task<IEnumerable<CallRecord>> Nobodys(Attempt call, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var records = await providers.Get(call.Account).FindCallsAsync(call.Number, from, to, cancel);
        var ids = records.Select(r => r.ProviderCallId).ToArray();
        var known = await db.Attempts
            .Where(a => a.Account == call.Account && ids.Contains(a.ProviderCallId!) && a.CorrelationId != call.CorrelationId)
            .Select(a => a.ProviderCallId).ToListAsync(cancel);
        return records.Where(r => !known.Contains(r.ProviderCallId)).OrderBy(r => (r.CreatedAt - SilentCallVerdict.Placed(call))?.Duration());
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
            await verdict.Judge(call, null, now, cancel);
            return;
        }

        metrics.Reconciled("never-placed");
        log.Reconciled(call.CorrelationId, "no such call");
        await outbox.Publish(
            call.NotFound($"the provider's records show no such call {(now - asked).TotalMinutes:0} minutes after the request", now), cancel);
    }

    /// <summary>The provider took the call and has been silent since.</summary>
    private async Task LookUp(Attempt call, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await verdict.Judge(call, await providers.Get(call.Account).GetCallAsync(call.ProviderCallId!, cancel), now, cancel);
    }
}
