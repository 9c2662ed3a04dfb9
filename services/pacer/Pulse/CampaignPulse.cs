using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Hopper;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Numbers;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// One look at one campaign, in one transaction: claim, snapshot, decide, last look at each lead, attempts and their
/// <see cref="OriginateCall"/> or offer to the hopper written together. Any number of replicas may pulse; a row lock gives each campaign to one.
/// </summary>
internal sealed class CampaignPulse(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, PulseQueries queries, PowerFloors floors, LookAhead lookAhead, LeadPicker picker,
    HopperOffers offers,
    OfferedLeads offered, AccountSettings accounts, PacerMetrics metrics, IOptions<PacerOptions> options, TimeProvider clock)
{
    private readonly PacerOptions _options = options.Value;

    /// <summary>The campaign of the last turn.</summary>
    public Guid CampaignId { get; private set; }

    /// <summary>Takes the campaign that is due longest. False when none is.</summary>
    public async Task<bool> Turn(CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        if (await db.ClaimPulse(now, cancel) is not { } pulse)
            return false;

        CampaignId = pulse.CampaignId;
        // Shared lock: the campaign cannot be paused or stopped between this look and the commit (law 7). Its saga locks the
        // campaign first and this row second, so waiting here could be waiting for each other: skip instead.
        if (await db.ShareCampaign(pulse.CampaignId, cancel) is not { } campaign)
            return false;
        pulse.NextAt = campaign.State switch
        {
            CampaignStates.Running => await Run(campaign, pulse, now, cancel),
            CampaignStates.Scheduled => await Schedule(campaign, now, cancel),
            CampaignStates.Paused when IsPastEnd(campaign, now) => await End(campaign, now, cancel),
            CampaignStates.Paused when campaign.PauseReason == PauseReasons.QueueExcess => await WatchQueue(campaign, pulse, now, cancel),
            CampaignStates.Paused => Earlier(await WakeUp(campaign, now, cancel), campaign.Rules.EndsAt),
            CampaignStates.Stopped => await CancelWaiting(campaign, now, cancel),
            _ => null,
        };
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task<DateTimeOffset?> Run(Campaign campaign, CampaignPulseRow pulse, DateTimeOffset now, CancellationToken cancel)
    {
        if (IsPastEnd(campaign, now))
            return await End(campaign, now, cancel);
        if (accounts.Find(campaign.Account) is not { } account)
        {
            (pulse.LastAt, pulse.LastCalls, pulse.LastCode, pulse.LastReason) = (now, 0, "NoAccount",
                $"there is no provider account '{campaign.Account}' any more "
                + $"(configured are: {string.Join(", ", accounts.All.Select(each => each.Name))}); "
                + "nothing is dialed until it is configured again: stop the campaign if it is not to be");
            metrics.Decided("NoAccount");
            return now + _options.IdlePulse;
        }
        var zones = await db.ZonesOfOpenLeads(campaign.CorrelationId, cancel);
        var hours = queries.Hours(campaign);
        var open = zones.Where(zone => hours.IsOpen(now, zone)).ToArray();
        var askedSince = await queries.AskedSince(campaign, now, cancel);
        var snapshot = await queries.Snapshot(campaign, pulse, account, zones.Count, open, askedSince, now, cancel);
        if (CampaignModes.IsAgentFirst(campaign.Mode))
            snapshot = snapshot with { Hopper = await queries.Hopper(campaign, now, cancel) };
        var decision = PacingCore.Decide(snapshot);
        var row = DecisionRow.Of(campaign.CorrelationId, snapshot, decision);
        db.Decisions.Add(row);
        await db.SaveChangesAsync(cancel);
        (pulse.LastAt, pulse.LastCalls, pulse.LastCode, pulse.LastReason) = (now, decision.Calls, decision.Code, decision.Reason);
        pulse.QueueLowSince = null;
        metrics.Decided(decision.Code);

        await lookAhead.Ask(campaign, open, askedSince < now, now, cancel);
        if (decision.Calls > 0 && snapshot.Hopper is not null)
            await offers.Offer(campaign, account, row, open, decision.Calls, now, cancel);
        else if (decision.Calls > 0)
            await Dial(campaign, account, row, open, decision.Calls, now, cancel);
        return await NextLook(campaign, snapshot, decision, zones, askedSince < now, now, cancel);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null ? other : other is null || one < other ? one : other;

    private static bool IsPastEnd(Campaign campaign, DateTimeOffset now) => campaign.Rules.EndsAt is { } end && now >= end;

    /// <summary>Its end has come: all leads that wait are taken off, also those that no look comes to, and it is over with its last call.</summary>
    private async Task<DateTimeOffset?> End(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.CancelWaitingLeads(
            campaign.CorrelationId, LeadReasons.CampaignEnded, $"The campaign ended at {campaign.Rules.EndsAt:u}.", now, cancel) > 0)
            return now;
        if (await queries.HasOpenLeads(campaign.CorrelationId, cancel) || await queries.HasRunningImport(campaign.CorrelationId, cancel))
            return now + _options.IdlePulse;
        if (await queries.WrappingUpUntil(campaign, now, cancel) is { } until)
            return until;
        await outbox.Publish(new CampaignExhausted { CampaignId = campaign.CorrelationId }, cancel);
        return now + _options.IdlePulse;
    }

    private async Task Dial(
        Campaign campaign, AccountSetting account, DecisionRow decision, string[] zones, int calls, DateTimeOffset now, CancellationToken cancel)
    {
        using var activity = PacerMetrics.Activity.StartActivity("pulse");
        activity?.SetTag(CallTrace.Campaign, campaign.CorrelationId).SetTag(CallTrace.Account, account.Name).SetTag(CallTrace.Decision, decision.Id)
            .SetTag(CallTrace.Calls, calls);
        List<(PickedLead Picked, Attempt Attempt)> placed = [];
        await picker.Pick(
            campaign, zones, calls, now,
            async picked => placed.Add((picked, await Open(campaign, account, decision, picked, now, activity?.Id, cancel))), cancel);
        if (campaign.Mode == CampaignModes.Power)
            await TellRouter(campaign, placed, now, cancel);
    }

    /// <summary>Customer first: the router learns whom each call is about before the customer answers.</summary>
    private async Task TellRouter(
        Campaign campaign, IReadOnlyCollection<(PickedLead Picked, Attempt Attempt)> placed, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var lead in await offered.Of(campaign, placed, now, cancel))
        {
            await outbox.Publish(new CustomerCallPlaced
            {
                EventId = Guid.CreateVersion7(now),
                CampaignId = campaign.CorrelationId,
                Account = campaign.Account,
                Lead = lead,
                OccurredAt = now,
            }, cancel);
        }
    }

    private async Task<Attempt> Open(
        Campaign campaign, AccountSetting account, DecisionRow decision, PickedLead picked, DateTimeOffset now, string? traceParent,
        CancellationToken cancel)
    {
        // The look at the hours is good until they are over, and for a short while at most.
        var expires = now + _options.AttemptLife;
        var hours = queries.Hours(campaign).Of(picked.Lead.TimeZone, picked.Lead.Number);
        if (hours.ClosesAt(now, picked.Lead.TimeZone) is { } closes && closes < expires)
            expires = closes;
        var attempt = Attempt.Ordered(campaign, account, picked, decision, traceParent, now, expires);
        db.Attempts.Add(attempt);
        db.Trail.Add(TrailEntry.Of(attempt, now, "attempt",
            $"Attempt {attempt.AttemptNumber} written; "
            + $"caller ID of {attempt.CallerIdCircle ?? "no circle"} for circle {attempt.Circle ?? "unknown"}; decision {decision.Id}"));
        await outbox.Publish(new OriginateCall
        {
            AttemptId = attempt.CorrelationId,
            CampaignId = attempt.CampaignId,
            LeadId = attempt.LeadId,
            Account = attempt.Account,
            ExpiresAt = attempt.ExpiresAt,
        }, cancel);
        await outbox.Publish(attempt.Started(now), cancel);
        return attempt;
    }

    private async Task<DateTimeOffset?> NextLook(
        Campaign campaign, PacingSnapshot snapshot, PacingDecision decision, IReadOnlyList<string> zones, bool awaitsCircles, DateTimeOffset now,
        CancellationToken cancel)
    {
        if (decision.Code == "QueueExcess")
            await Pause(campaign, PauseReasons.QueueExcess, decision.Reason, null, cancel);
        if (decision.Code == "ProviderDown")
            await Pause(campaign, PauseReasons.ProviderDown, decision.Reason, snapshot.BlockedUntil, cancel);
        if (decision.Code == "OutsideWindow")
        {
            var opens = Opens(campaign, zones, now);
            var again = opens ?? now.AddDays(1);
            if (campaign.Rules.EndsAt is { } end && end > now && end < again)
                again = end;
            if (campaign.Mode == CampaignModes.Triggered)
                return again;
            await Pause(campaign, PauseReasons.OutsideWindow, opens is null
                ? zones.Any(zone => campaign.Rules.Window.FirstOpen(now, zone) is not null)
                    ? "its hours are never on when the law allows its calls: change its window"
                    : "its hours are never on at once in all time zones of any lead: each waits for its own time zone to be named"
                : $"the next calling hour begins at {opens:u}", again, cancel);
        }

        if (decision.Code == "NoAgents" && snapshot.LeadsDue > 0)
            return now + _options.IdlePulse;   // an agent who signs in wakes it
        if (snapshot.LeadsDue > 0 && snapshot.OpenZones > 0)
            return now + _options.PulseInterval;
        if (campaign.Mode == CampaignModes.Triggered)
            return now + _options.IdlePulse;
        if (campaign.Rules.KeepOpen || !snapshot.HasLeads || await queries.HasOpenLeads(campaign.CorrelationId, cancel)
            || await queries.HasRunningImport(campaign.CorrelationId, cancel))
        {
            var latest = awaitsCircles && _options.CircleWait > TimeSpan.Zero && _options.CircleWait < _options.IdlePulse
                ? _options.CircleWait : _options.IdlePulse;
            return await queries.NextDue(campaign.CorrelationId, now, now + latest, cancel);
        }
        if (await queries.WrappingUpUntil(campaign, now, cancel) is { } until)
            return until;
        if (await queries.RecordsAwaitedUntil(campaign, now, cancel) is { } read)
            return read < now + _options.IdlePulse ? read : now + _options.IdlePulse;
        await outbox.Publish(new CampaignExhausted { CampaignId = campaign.CorrelationId }, cancel);
        return now + _options.IdlePulse;
    }

    /// <summary>When the first of these zones has its hours; null: none ever has.</summary>
    private DateTimeOffset? Opens(Campaign campaign, IEnumerable<string> zones, DateTimeOffset now)
    {
        var hours = queries.Hours(campaign);
        return zones.Min(zone => hours.Of(zone).FirstOpen(now, zone));
    }

    private Task Pause(Campaign campaign, string reason, string explanation, DateTimeOffset? until, CancellationToken cancel) =>
        outbox.Publish(
            new PauseCampaign { CampaignId = campaign.CorrelationId, Reason = reason, Explanation = explanation, Until = until, By = "platform" },
            cancel);

    private async Task<DateTimeOffset?> Schedule(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        if (campaign.ScheduledFor is { } at && at > now)
            return at;
        await outbox.Publish(new StartCampaign { CampaignId = campaign.CorrelationId, By = "schedule" }, cancel);
        return now + _options.IdlePulse;
    }

    /// <summary>Paused because too many waited for an agent: looked at as often as a running campaign, until few enough wait.</summary>
    private async Task<DateTimeOffset?> WatchQueue(Campaign campaign, CampaignPulseRow pulse, DateTimeOffset now, CancellationToken cancel)
    {
        var floor = await floors.Count(campaign, now, cancel);
        var (action, state) = QueueBrake.Next(new(true, pulse.QueueLowSince), floor.Waiting, floor.Free, floor.Marks, now);
        pulse.QueueLowSince = state.LowSince;
        (pulse.LastCalls, pulse.LastCode, pulse.LastReason) = (0, "QueueExcess", PowerPacing.WhilePaused(floor));
        if (action != BrakeAction.Resume)
            return now + _options.PulseInterval;
        await outbox.Publish(new ResumeCampaign
        {
            CampaignId = campaign.CorrelationId,
            Reason = PauseReasons.QueueExcess,
            PausedAt = campaign.PausedAt,
            By = "platform",
        }, cancel);
        return now + _options.IdlePulse;
    }

    /// <summary>An automatic pause ends by itself; a person's does not.</summary>
    private async Task<DateTimeOffset?> WakeUp(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        if (campaign.PauseReason == PauseReasons.Person || campaign.PausedUntil is not { } until)
            return null;
        // Leads of other zones may have come since, whose hours are on or sooner.
        if (until > now && campaign.PauseReason == PauseReasons.OutsideWindow
            && Opens(campaign, await db.ZonesOfOpenLeads(campaign.CorrelationId, cancel), now) is { } opens && opens < until)
            until = opens;
        if (until > now)
            return until;
        await outbox.Publish(new ResumeCampaign { CampaignId = campaign.CorrelationId, Reason = campaign.PauseReason, By = "platform" }, cancel);
        return now + _options.IdlePulse;
    }

    private async Task<DateTimeOffset?> CancelWaiting(Campaign campaign, DateTimeOffset now, CancellationToken cancel) =>
        await db.CancelWaitingLeads(campaign.CorrelationId, LeadReasons.CampaignStopped, "The campaign was stopped.", now, cancel) > 0 ? now : null;
}
