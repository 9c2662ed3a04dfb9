using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Missed;

/// <summary>A customer called and reached nobody: noted once, and looked into before anybody is called back.</summary>
internal sealed class InboundCallMissedConsumer(PacerDbContext db, TimeProvider clock) : IConsumer<InboundCallMissed>
{
    /// <summary>So many of an account are looked into at a time. Only a flood of forged callers is more.</summary>
    private const int MostWaiting = 1000;

    public async Task Consume(ConsumeContext<InboundCallMissed> context)
    {
        var (told, cancel, now) = (context.Message, context.CancellationToken, clock.GetUtcNow());
        // By a foreign clock: whoever called has called by now.
        var missedAt = told.OccurredAt.ToUniversalTime() is var at && at < now ? at : now;
        if (told.CampaignId is not null)
            await MakeRoom(told.Account, now, cancel);
        var (state, reason) = told.CampaignId is null
            ? (MissedCallStates.Refused, "The number that was called has no campaign that calls back.")
            : (MissedCallStates.Waiting, "The provider's records are asked for the call.");
        var code = told.CampaignId is null ? "no-campaign" : null;
        DateTimeOffset? decided = state == MissedCallStates.Refused ? now : null;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into missed_calls (id, account, provider_call_id, number, did, campaign_id, missed_at, state, reason, code, due_at, decided_at)
            values ({Guid.CreateVersion7(now)}, {told.Account}, {told.ProviderCallId}, {told.Number}, {told.Did}, {told.CampaignId}, {missedAt}, {state},
              {reason}, {code}, {now}, {decided})
            on conflict (account, provider_call_id) do nothing
            """, cancel);
    }

    /// <summary>When too many wait, the one that was looked up in vain most often gives way: a flood is looked up in vain, a true call is found at once.</summary>
    private async Task MakeRoom(string account, DateTimeOffset now, CancellationToken cancel)
    {
        if (!await db.MissedCalls.Where(m => m.Account == account && m.State == MissedCallStates.Waiting).Skip(MostWaiting - 1).AnyAsync(cancel))
            return;
        var reason = $"{MostWaiting} missed calls of the account are being looked into, and the records did not show this one.";
        await db.Database.ExecuteSqlAsync(
            $"""
            update missed_calls set state = {MissedCallStates.Refused}, reason = {reason}, code = 'flood', decided_at = {now}
            where id = (
              select id from missed_calls where account = {account} and state = {MissedCallStates.Waiting} and not seen
              order by looks desc, due_at limit 1 for update skip locked)
            """, cancel);
    }
}

internal sealed class InboundCallMissedConsumerDefinition : ConsumerDefinition<InboundCallMissedConsumer>
{
    public InboundCallMissedConsumerDefinition() => EndpointName = "pacer-inbound-call-missed";

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<InboundCallMissedConsumer> consumerConfigurator,
        IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<PacerDbContext>(context);
}
