using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;
using Outdial.Pacer.Trails;
using Outdial.Providers;

namespace Outdial.Pacer.Leads;

/// <summary>Keeps what an agent said came of a conversation, and the call-back that was promised in it.</summary>
internal sealed class LeadDispositionedConsumer(PacerDbContext db, CallBacks callBacks, TimeProvider clock) : IConsumer<LeadDispositioned>
{
    public async Task Consume(ConsumeContext<LeadDispositioned> context)
    {
        var told = context.Message;
        var cancel = context.CancellationToken;
        // The attempt first and the lead second, in the order in which an attempt that ends locks them.
        await db.Database.ExecuteSqlAsync(
            $"""
            update attempts set disposition = coalesce({told.Code}, disposition), note = coalesce({told.Note}, note), agent_id = coalesce(agent_id, {told.AgentId}),
              version = version + 1
            where id = {told.AttemptId}
            """, cancel);
        if (await db.Leads.FromSql($"select * from leads where id = {told.LeadId} for update").SingleOrDefaultAsync(cancel) is not { } lead)
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
                lead, at.ToUniversalTime(), told.CallBackAgentId, told.Note, $"An agent promised {whose} for {at.ToUniversalTime():u}.", clock.GetUtcNow(), cancel);
        }
    }
}

/// <summary>A customer called and reached nobody: the campaign of that number calls back.</summary>
internal sealed class InboundCallMissedConsumer(PacerDbContext db, CallBacks callBacks, TimeProvider clock) : IConsumer<InboundCallMissed>
{
    public async Task Consume(ConsumeContext<InboundCallMissed> context)
    {
        var told = context.Message;
        var cancel = context.CancellationToken;
        if (told.CampaignId is not { } id || await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == id, cancel) is not { } campaign)
            return;
        var now = clock.GetUtcNow();
        var missedAt = told.OccurredAt.ToUniversalTime();
        if (!campaign.IsOver)
            await AddIfNew(campaign, told.Number, now, cancel);
        var lead = await db.Leads.FromSql($"select * from leads where campaign_id = {id} and number = {told.Number} and idempotency_key is null for update")
            .SingleOrDefaultAsync(cancel);
        // Told twice, or called since: nothing more is owed.
        if (lead is null || lead.CallBackAt <= missedAt || await db.Attempts.AnyAsync(a => a.LeadId == lead.Id && a.Dialed && a.RequestedAt >= missedAt, cancel))
            return;
        db.Trail.Add(TrailEntry.Of(lead, missedAt, "missed", "Called us and reached nobody"));
        await callBacks.Promise(lead, missedAt, null, lead.CallBackNote, "Called us and reached nobody; is called back.", now, cancel);
    }

    private Task AddIfNew(Campaign campaign, string number, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        insert into leads (id, campaign_id, number, time_zone, due_at, imported_at)
        values ({Guid.CreateVersion7(now)}, {campaign.CorrelationId}, {number}, {PhoneNumber.DefaultTimeZone(number) ?? campaign.Rules.TimeZone}, {now}, {now})
        on conflict (campaign_id, number) where idempotency_key is null do nothing
        """, cancel);
}

/// <summary>Promised calls: due at their time, whatever tries, gaps and caps say. Window, opt-out and registry hold.</summary>
internal sealed class CallBacks(PacerDbContext db, AgentSessions sessions, ILogger<CallBacks> log)
{
    /// <param name="lead">Locked by the caller.</param>
    public async Task Promise(Lead lead, DateTimeOffset at, Guid? agent, string? note, string text, DateTimeOffset now, CancellationToken cancel)
    {
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == lead.CampaignId, cancel);
        if (campaign.IsOver)
        {
            log.CallBackTooLate(lead.Id, campaign.State);
            db.Trail.Add(TrailEntry.Of(lead, now, "call-back-lost", $"{text} It cannot be kept: the campaign is {campaign.State}."));
            return;
        }

        if (await db.Attempts.AnyAsync(a => a.LeadId == lead.Id && a.CallBackAt == at && a.Dialed, cancel))
            return;   // told again after it was kept
        lead.PromiseCallBack(at, agent, note, text, now);
        db.Trail.Add(TrailEntry.Of(lead, now, "call-back", text));
        if (at <= now)
            await sessions.Wake([lead.CampaignId], now, cancel);
    }
}

internal sealed class LeadDispositionedConsumerDefinition : ConsumerDefinition<LeadDispositionedConsumer>
{
    public LeadDispositionedConsumerDefinition() => EndpointName = "pacer-lead-dispositioned";

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<LeadDispositionedConsumer> consumerConfigurator,
        IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<PacerDbContext>(context);
}

internal sealed class InboundCallMissedConsumerDefinition : ConsumerDefinition<InboundCallMissedConsumer>
{
    public InboundCallMissedConsumerDefinition() => EndpointName = "pacer-inbound-call-missed";

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<InboundCallMissedConsumer> consumerConfigurator,
        IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<PacerDbContext>(context);
}
