using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.CallBacks;

/// <summary>
/// Decides, one at a time, whether a missed caller is called back: only for a call that the provider's own records show, to nobody who asked not to
/// be called, and no more often than the limits allow. The request to the provider is made outside of any transaction.
/// </summary>
internal sealed class MissedCallDecider(
    PacerDbContext db, ITelephonyProviders providers, AccountSettings accounts, CallBackPromises callBacks, PacerMetrics metrics,
    IOptions<PacerOptions> options,
    TimeProvider clock, ILogger<MissedCallDecider> log)
{
    /// <summary>Records lag behind calls, and may not be had for a while: asked at once, and after one, two and four minutes.</summary>
    private const int MostLooks = 4;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2), LongestCall = TimeSpan.FromHours(1), Skew = TimeSpan.FromMinutes(5);
    private readonly PacerOptions _options = options.Value;

    /// <summary>Takes one that is due. False when none is, or the minute's look-ups are spent.</summary>
    /// <param name="again">
    /// Those first that were looked up before; else those that never were, the newest first. Taking turns, neither waits for ever.
    /// </param>
    public async Task<bool> Next(bool again, CancellationToken cancel)
    {
        if (await Claim(again, cancel) is not { } claimed)
            return false;
        var seen = claimed.Seen ? new Seen() : await LookUp(claimed, cancel);

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var missed = await db.LockedUndecided(claimed.Id).SingleOrDefaultAsync(cancel);
        if (missed is null)
            return true;
        if (seen.Refusal is { } refusal)
            Refuse(missed, refusal, seen.Code);
        else if (seen.Again is { } why)
            missed.Wait(why, clock.GetUtcNow() + TimeSpan.FromMinutes(1 << Math.Clamp(missed.Looks - 1, 0, MostLooks)));
        else
            await Believe(missed, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>What the records say. Nothing set: they show the call.</summary>
    private sealed record Seen(string? Refusal = null, string? Again = null, string Code = "");

    private async Task<MissedCall?> Claim(bool again, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (!await db.MissedCalls.AnyAsync(m => m.State == MissedCallStates.Waiting && m.DueAt <= now, cancel))
            return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var claimed = await db.ClaimDue(again, _options.MissedCallLooksPerMinute, Lease, now, cancel);
        await transaction.CommitAsync(cancel);
        return claimed;
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
                { } record => Compare(missed, record),
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

    /// <summary>Whether it is this call, and was missed: an old call, or one in which somebody talked, makes nobody ring.</summary>
    private Seen Compare(MissedCall missed, CallRecord record) => record switch
    {
        not { Inbound: true } => Another(),
        _ when record.Caller != missed.Number || (record.CallerId != missed.Did && record.Called != missed.Did) => Another(),
        { CreatedAt: null } => new(Refusal: "The provider's records do not tell when the call was.", Code: "another-call"),
        { CreatedAt: { } at } when at < missed.MissedAt - LongestCall || at > missed.MissedAt + Skew =>
            new(Refusal: $"The provider's records show the call at another time, {at:u}{OfZone(at, missed)}.", Code: "another-call"),
        // Nobody picked up at a step of its flow, and the flow may have gone on: to another phone, or to a message.
        { Outcome: null } when clock.GetUtcNow() < missed.MissedAt + LongestCall =>
            new(Again: "The provider's records show the call under way: whether it was missed is not known yet."),
        { Outcome: null } => new(Refusal: "The provider's records do not show that the call ever ended.", Code: "not-ended"),
        { TalkTime: { } talk } when talk > TimeSpan.Zero =>
            new(Refusal: "The provider's records show that somebody talked in the call.", Code: MissedCallCodes.NotMissed),
        _ => new(),
    };

    /// <summary>The mistake that is behind most of the calls at another time.</summary>
    private static string OfZone(DateTimeOffset at, MissedCall missed) =>
        ForeignClock.ZonesBehind(at, missed.MissedAt) is not null
            ? $": whole half-hours away, as if its times were of another zone than Accounts:{missed.Account}:TimeZone"
            : "";

    private static Seen Another() => new(Refusal: "The provider's records show another call under this id.", Code: "another-call");

    /// <summary>The call was made: what else speaks against calling back.</summary>
    private async Task Believe(MissedCall missed, CancellationToken cancel)
    {
        var (now, hourAgo) = (clock.GetUtcNow(), clock.GetUtcNow() - TimeSpan.FromHours(1));
        if (await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == missed.CampaignId, cancel) is not { } campaign)
        {
            Refuse(missed, "The campaign that would call back is not known.", "no-campaign");
            return;
        }
        if (campaign.IsOver || campaign.Rules.EndsAt <= now)
        {
            var over = campaign.IsOver ? $"is {campaign.State}" : $"ended at {campaign.Rules.EndsAt:u}";
            await RefuseCaller(
                missed, $"The campaign that would call back {over}: a number's own callBackCampaignId may name another.",
                MissedCallCodes.CampaignOver, cancel);
            return;
        }
        if (await db.Suppressions.AnyAsync(s => s.Number == missed.Number && (s.Scope == "all" || s.Scope == campaign.Purpose), cancel))
        {
            await RefuseCaller(missed, "The person asked not to be called.", "suppressed", cancel);
            return;
        }
        if (!PhoneNumber.TryParseCallee(missed.Number, PhoneNumber.Region(missed.Did), out _, out var expected))
        {
            await RefuseCaller(missed, $"The number is not called back: expected {expected}.", "not-called", cancel);
            return;
        }
        await db.TakeTurns($"missed {campaign.CorrelationId}", cancel);
        await db.TakeTurns($"missed {missed.Number}", cancel);
        var promised = db.MissedCalls.Where(m => m.State == MissedCallStates.Promised && m.DecidedAt > hourAgo);
        if (await promised.CountAsync(m => m.Number == missed.Number, cancel) >= _options.CallBacksPerNumberAndHour)
        {
            await RefuseCaller(
                missed, $"This person was promised a call-back {Counted.Of(_options.CallBacksPerNumberAndHour, "time")} within the hour already.", "number-limit",
                cancel);
            return;
        }
        var most = _options.CallBacksPerHour;
        var latest = await promised.Where(m => m.CampaignId == campaign.CorrelationId).OrderByDescending(m => m.DecidedAt)
            .Select(m => m.DecidedAt).Skip(most - 1).FirstOrDefaultAsync(cancel);
        if (latest is { } oldest)
        {
            missed.Seen = true;
            missed.Wait($"The campaign promised {most} call-backs within the hour, which is all that it may.", oldest + TimeSpan.FromHours(1));
            metrics.MissedCall("campaign-limit");
            return;
        }
        await Promise(missed, campaign, now, cancel);
    }

    private async Task Promise(MissedCall missed, Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var isNew = await db.AddCaller(campaign.CorrelationId, missed.Number, now, cancel);
        var lead = await db.LockedLeadOfList(campaign.CorrelationId, missed.Number).SingleAsync(cancel);
        if (lead.Withdrawal is { } withdrawal)
        {
            await RefuseCaller(missed, $"The person's lead was taken back. {withdrawal}", MissedCallCodes.Withdrawn, cancel);
            return;
        }
        // Called since, or promised before: nothing more is owed.
        var isPromised = lead.CallBackAt <= missed.MissedAt;
        if (isPromised || await db.Attempts.AnyAsync(a => a.LeadId == lead.Id && a.Dialed && a.RequestedAt >= missed.MissedAt, cancel))
        {
            missed.Decide(MissedCallStates.Promised,
                isPromised ? $"A call-back was promised already, for {lead.CallBackAt:u}." : "The person was called since.", now, lead.Id);
            metrics.MissedCall("owed-already");
            return;
        }
        db.Trail.Add(TrailEntry.Of(lead, missed.MissedAt, "missed", "Called us and reached nobody"));
        missed.LeadBefore = isNew ? null : lead.Standing().ToJson();
        await callBacks.Promise(
            lead, missed.MissedAt, null, lead.CallBackNote, "Called us and reached nobody; is called back.", now, cancel, withinCaps: true);
        var waits = lead.Reason == LeadReasons.ZoneUnknown;
        missed.Decide(
            MissedCallStates.Promised, waits ? $"Is called back once it is known when. {lead.ReasonText}" : "Is called back.", now, lead.Id);
        metrics.MissedCall(waits ? "no-zone" : "promised");
    }

    /// <summary>Refuses somebody who did call: where they are a lead of the campaign, the lead's own story tells it.</summary>
    private async Task RefuseCaller(MissedCall missed, string reason, string code, CancellationToken cancel)
    {
        Refuse(missed, reason, code);
        var lead = await db.Leads.AsNoTracking().SingleOrDefaultAsync(
            l => l.CampaignId == missed.CampaignId && l.Number == missed.Number && l.IdempotencyKey == null, cancel);
        if (lead is null)
            return;
        missed.LeadId = lead.Id;
        db.Trail.Add(TrailEntry.Of(lead, missed.MissedAt, "missed", $"Called us and reached nobody; not called back: {reason}"));
    }

    private void Refuse(MissedCall missed, string reason, string code)
    {
        missed.Decide(MissedCallStates.Refused, reason, clock.GetUtcNow());
        missed.Code = code;
        metrics.MissedCall(code);
        log.MissedCallRefused(missed.Id, reason);
    }
}
