using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;

namespace Outdial.Pacer.CallBacks;

/// <summary>Keeps what an agent said came of a conversation, and the call-back that was promised in it.</summary>
internal sealed class LeadDispositionedConsumer(PacerDbContext db, CallBackPromises callBacks, TimeProvider clock) : IConsumer<LeadDispositioned>
{
    public async Task Consume(ConsumeContext<LeadDispositioned> context)
    {
        var told = context.Message;
        var cancel = context.CancellationToken;
        // The attempt first and the lead second, in the order in which an attempt that ends locks them.
        await db.KeepDisposition(told, cancel);
        if (await db.LockedLead(told.LeadId).SingleOrDefaultAsync(cancel) is not { } lead)
        {
            await UnmatchedEvents.Keep(context, told.AttemptId);
            return;
        }

        lead.IsDisposed(told.Code, told.Note);
        db.Trail.Add(new()
        {
            CampaignId = lead.CampaignId,
            LeadId = lead.Id,
            AttemptId = told.AttemptId,
            At = told.OccurredAt,
            Kind = "disposition",
            Text = told.Code is { } code ? $"The agent says: {code}" : "The agent left a note",
        });
        if (told.CallBackAt is { } at)
        {
            var whose = told.CallBackAgentId is null ? "a call-back" : "a personal call-back";
            await callBacks.Promise(
                lead, at.ToUniversalTime(), told.CallBackAgentId, told.Note, $"An agent promised {whose} for {at.ToUniversalTime():u}.",
                clock.GetUtcNow(), cancel);
        }
    }
}

/// <summary>
/// Promised calls: due at their time, whatever tries and gaps say. Window, opt-out and registry hold; what a day allows and the cool-down hold for
/// those that nobody promised in person.
/// </summary>
internal sealed class CallBackPromises(PacerDbContext db, ILogger<CallBackPromises> log)
{
    /// <param name="lead">Locked by the caller.</param>
    /// <param name="withinCaps">Owed for a missed call, and not promised by a person.</param>
    public async Task Promise(
        Lead lead, DateTimeOffset at, Guid? agent, string? note, string text, DateTimeOffset now, CancellationToken cancel, bool withinCaps = false)
    {
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == lead.CampaignId, cancel);
        if (campaign.IsOver)
        {
            log.CallBackTooLate(lead.Id, campaign.State);
            db.Trail.Add(TrailEntry.Of(lead, now, "call-back-lost", $"{text} It cannot be kept: the campaign is {campaign.State}."));
            return;
        }

        if (lead.Withdrawal is { } withdrawal)
        {
            db.Trail.Add(TrailEntry.Of(lead, now, "call-back-lost", $"{text} It is not kept: {withdrawal}"));
            return;
        }
        if (await db.Attempts.AnyAsync(a => a.LeadId == lead.Id && a.CallBackAt == at && a.Dialed, cancel))
            return;   // told again after it was kept
        lead.PromiseCallBack(at, agent, note, text, now, withinCaps);
        if (lead.State == LeadStates.Waiting && !campaign.Rules.Window.IsEverOpen(now, lead.TimeZone))
            lead.Hold(LeadReasons.ZoneUnknown, LeadReasons.ZoneUnknownText(lead.TimeZone), at, now);
        db.Trail.Add(TrailEntry.Of(lead, now, "call-back", text));
        // A campaign that pauses because it was a calling hour for none of its leads has one more to look at, whenever the call is due.
        if (at <= now || campaign.PauseReason == PauseReasons.OutsideWindow)
            await db.LookAtAll([lead.CampaignId], now, cancel);
    }
}

internal sealed class LeadDispositionedConsumerDefinition() : OutboxConsumerDefinition<LeadDispositionedConsumer, PacerDbContext>("pacer-lead-dispositioned");
