using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Hopper;

/// <summary>
/// Offers leads to the agents' hopper. The attempt is written with the offer, as Offered: from then on nobody else may call this
/// person, and it is no call before the router says that it was dialed. Runs in the pulse's transaction.
/// </summary>
internal sealed class HopperOffers(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, LeadPicker picker, OfferedLeads offers, PacerMetrics metrics,
    IOptions<PacerOptions> options)
{
    /// <summary>Leads in one message.</summary>
    private const int AtOnce = 50;

    public async Task Offer(
        Campaign campaign, AccountSetting account, DecisionRow decision, string[] zones, int count, DateTimeOffset now, CancellationToken cancel)
    {
        using var activity = PacerMetrics.Activity.StartActivity("offer");
        activity?.SetTag(CallTrace.Campaign, campaign.CorrelationId).SetTag(CallTrace.Account, account.Name).SetTag(CallTrace.Decision, decision.Id)
            .SetTag(CallTrace.Calls, count);
        List<(PickedLead Picked, Attempt Attempt)> offered = [];
        await picker.Pick(campaign, zones, count, now, picked =>
        {
            offered.Add((picked, Write(campaign, account, decision, picked, now, activity?.Id)));
            return Task.CompletedTask;
        }, cancel);
        foreach (var some in offered.Chunk(AtOnce))
        {
            await outbox.Publish(new HopperFilled
            {
                EventId = Guid.CreateVersion7(now),
                CampaignId = campaign.CorrelationId,
                Leads = await offers.Of(campaign, some, now, cancel),
                OccurredAt = now,
            }, cancel);
        }

        metrics.Offered(offered.Count);
    }

    private Attempt Write(Campaign campaign, AccountSetting account, DecisionRow decision, PickedLead picked, DateTimeOffset now, string? traceParent)
    {
        var until = DialUntil(campaign, picked, now);
        var attempt = Attempt.Offered(campaign, account, picked, decision, traceParent, now, until, options.Value.HopperGrace);
        db.Attempts.Add(attempt);
        db.Trail.Add(TrailEntry.Of(attempt, now, "offered",
            $"Offered to the agents' hopper as attempt {attempt.AttemptNumber} until {until:u}; "
            + $"caller ID of {attempt.CallerIdCircle ?? "no circle"} for circle {attempt.Circle ?? "unknown"}; decision {decision.Id}"));
        return attempt;
    }

    /// <summary>
    /// The look at lists and hours is good until the hours are over, and for a while at most; a personal call-back is its agent's for a while.
    /// </summary>
    private DateTimeOffset DialUntil(Campaign campaign, PickedLead picked, DateTimeOffset now)
    {
        var until = now + options.Value.HopperLife;
        var hours = CampaignHours.Of(campaign, options.Value).Of(picked.Lead.TimeZone, picked.Lead.Number);
        if (hours.ClosesAt(now, picked.Lead.TimeZone) is { } closes && closes < until)
            until = closes;
        if (campaign.Rules.EndsAt is { } end && end < until)
            until = end;
        if (picked.Lead.PersonalUntil(campaign.Rules) is { } personal && personal > now && personal < until)
            until = personal;
        return until;
    }
}
