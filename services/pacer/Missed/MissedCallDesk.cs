using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Telemetry;
using Outdial.Pacer.Trails;
using Outdial.Providers;

namespace Outdial.Pacer.Missed;

/// <summary>
/// Decides, one at a time, whether a missed caller is called back: only for a call that the provider's own records show, to nobody who asked not to be
/// called, and no more often than the limits allow. The request to the provider is made outside of any transaction.
/// </summary>
internal sealed class MissedCallDesk(
    PacerDbContext db, ITelephonyProviders providers, AccountSettings accounts, CallBacks callBacks, PacerMetrics metrics, IOptions<PacerOptions> options, TimeProvider clock,
    ILogger<MissedCallDesk> log)
{
    /// <summary>Records lag behind calls, and may not be had for a while.</summary>
    private const int MostLooks = 5;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private readonly PacerOptions _options = options.Value;

    /// <summary>Takes the one that is due longest. False when none is.</summary>
    public async Task<bool> Next(CancellationToken cancel)
    {
        if (await Claim(cancel) is not { } claimed)
            return false;
        var seen = await LookUp(claimed, cancel);

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var missed = await db.MissedCalls.FromSql($"select * from missed_calls where id = {claimed.Id} and state = {MissedCallStates.Waiting} for update").SingleOrDefaultAsync(cancel);
        if (missed is null)
            return true;
        if (seen.Refusal is { } refusal)
            Refuse(missed, refusal, seen.Code);
        else if (seen.Again is { } again)
            missed.Wait(again, clock.GetUtcNow() + Backoff(missed.Looks));
        else
            await Believe(missed, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>What the records say. Nothing set: they show the call.</summary>
    private sealed record Seen(string? Refusal = null, string? Again = null, string Code = "");

    /// <summary>Pushes it on, so that other replicas leave it alone while this one asks; only as many a minute as leave the provider's
    /// budget to calls, and those first that were never looked up: a flood of forged ones does not hold up the true ones.</summary>
    private async Task<MissedCall?> Claim(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var claimed = await db.MissedCalls.FromSql(
            $"""
            update missed_calls set looks = looks + 1, looked_at = {now}, due_at = {now + Lease}
            where id = (
              select m.id from missed_calls m
              where m.state = {MissedCallStates.Waiting} and m.due_at <= {now} and (
                select count(*) from (select from missed_calls x where x.account = m.account and x.looked_at > {now - TimeSpan.FromMinutes(1)} limit {_options.MissedCallLooksPerMinute}) lately)
                < {_options.MissedCallLooksPerMinute}
              order by m.looks, m.due_at limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancel);
        return claimed.SingleOrDefault();
    }

    private async Task<Seen> LookUp(MissedCall missed, CancellationToken cancel)
    {
        if (accounts.Find(missed.Account) is null)
            return new(Refusal: "There is no such account any more.", Code: "no-account");
        var provider = providers.Get(missed.Account);
        if (!provider.HasCallDetails)
            return new(Refusal: "The account's provider has no records by which the call could be believed.", Code: "no-records");
        try
        {
            return await provider.GetCallAsync(missed.ProviderCallId, cancel) switch
            {
                null when missed.Looks < MostLooks => new(Again: "The provider's records do not show the call yet."),
                null => new(Refusal: "The provider's records do not show the call.", Code: "not-in-records"),
                { Inbound: true } record when record.Caller == missed.Number && (record.CallerId == missed.Did || record.Called == missed.Did) => new(),
                _ => new(Refusal: "The provider's records show another call under this id.", Code: "another-call"),
            };
        }
        catch (ProviderException e)
        {
            log.MissedCallNotRead(missed.Id, e.Message);
            return missed.Looks < MostLooks
                ? new(Again: "The provider's records could not be read when last asked.")
                : new(Refusal: "The provider's records could not be read, so the call is not believed.", Code: "unreadable");
        }
    }

    /// <summary>The call was made: what else speaks against calling back.</summary>
    private async Task Believe(MissedCall missed, CancellationToken cancel)
    {
        var (now, hourAgo) = (clock.GetUtcNow(), clock.GetUtcNow() - TimeSpan.FromHours(1));
        if (await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == missed.CampaignId, cancel) is not { } campaign)
        {
            Refuse(missed, "The campaign that would call back is not known.", "no-campaign");
            return;
        }
        if (campaign.IsOver)
        {
            Refuse(missed, $"The campaign that would call back is {campaign.State}.", "campaign-over");
            return;
        }
        if (await db.Suppressions.AnyAsync(s => s.Number == missed.Number && (s.Scope == "all" || s.Scope == campaign.Purpose), cancel))
        {
            Refuse(missed, "The person asked not to be called.", "suppressed");
            return;
        }
        // One replica decides about one campaign at a time, or each would count without the other's promise.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({"missed " + campaign.CorrelationId}, 0))", cancel);
        var promised = db.MissedCalls.Where(m => m.State == MissedCallStates.Promised && m.DecidedAt > hourAgo);
        if (await promised.CountAsync(m => m.Number == missed.Number, cancel) >= _options.CallBacksPerNumberAndHour)
        {
            Refuse(missed, $"This person was promised a call-back {_options.CallBacksPerNumberAndHour} times within the hour already.", "number-limit");
            return;
        }
        var most = _options.CallBacksPerHour;
        var latest = await promised.Where(m => m.CampaignId == campaign.CorrelationId).OrderByDescending(m => m.DecidedAt).Select(m => m.DecidedAt).Skip(most - 1).FirstOrDefaultAsync(cancel);
        if (latest is { } oldest)
        {
            missed.Wait($"The campaign promised {most} call-backs within the hour, which is all that it may.", oldest + TimeSpan.FromHours(1));
            metrics.MissedCall("campaign-limit");
            return;
        }
        await Promise(missed, campaign, now, cancel);
    }

    private async Task Promise(MissedCall missed, Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into leads (id, campaign_id, number, time_zone, due_at, imported_at)
            values ({Guid.CreateVersion7(now)}, {campaign.CorrelationId}, {missed.Number}, {PhoneNumber.DefaultTimeZone(missed.Number) ?? campaign.Rules.TimeZone}, {now}, {now})
            on conflict (campaign_id, number) where idempotency_key is null do nothing
            """, cancel);
        var lead = await db.Leads.FromSql(
            $"select * from leads where campaign_id = {campaign.CorrelationId} and number = {missed.Number} and idempotency_key is null for update").SingleAsync(cancel);
        // Called since, or promised before: nothing more is owed.
        if (lead.CallBackAt <= missed.MissedAt || await db.Attempts.AnyAsync(a => a.LeadId == lead.Id && a.Dialed && a.RequestedAt >= missed.MissedAt, cancel))
        {
            missed.Decide(MissedCallStates.Promised, "A call-back was promised or made already.", now, lead.Id);
            metrics.MissedCall("owed-already");
            return;
        }
        db.Trail.Add(TrailEntry.Of(lead, missed.MissedAt, "missed", "Called us and reached nobody"));
        await callBacks.Promise(
            lead, missed.MissedAt, null, lead.CallBackNote, "Called us and reached nobody; is called back.", now, cancel, withinCaps: true);
        missed.Decide(MissedCallStates.Promised, "Is called back.", now, lead.Id);
        metrics.MissedCall("promised");
    }

    private void Refuse(MissedCall missed, string reason, string code)
    {
        missed.Decide(MissedCallStates.Refused, reason, clock.GetUtcNow());
        metrics.MissedCall(code);
        log.MissedCallRefused(missed.Id, reason);
    }

    /// <summary>5 s, 15 s, 45 s …</summary>
    private static TimeSpan Backoff(int looks) => TimeSpan.FromSeconds(5 * Math.Pow(3, Math.Clamp(looks - 1, 0, MostLooks)));
}
