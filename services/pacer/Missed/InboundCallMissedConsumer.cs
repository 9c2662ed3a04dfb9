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
        var (told, now) = (context.Message, clock.GetUtcNow());
        var tooMany = told.CampaignId is not null
            && await db.MissedCalls.Where(m => m.Account == told.Account && m.State == MissedCallStates.Waiting).Skip(MostWaiting - 1).AnyAsync(context.CancellationToken);
        // By a foreign clock: whoever called has called by now.
        var missedAt = told.OccurredAt.ToUniversalTime() is var at && at < now ? at : now;
        var (state, reason) = told.CampaignId is null
            ? (MissedCallStates.Refused, "The number that was called has no campaign that calls back.")
            : tooMany ? (MissedCallStates.Refused, $"{MostWaiting} missed calls of the account are being looked into already.")
            : (MissedCallStates.Waiting, "The provider's records are asked for the call.");
        DateTimeOffset? decided = state == MissedCallStates.Refused ? now : null;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into missed_calls (id, account, provider_call_id, number, did, campaign_id, missed_at, state, reason, due_at, decided_at)
            values ({Guid.CreateVersion7(now)}, {told.Account}, {told.ProviderCallId}, {told.Number}, {told.Did}, {told.CampaignId}, {missedAt}, {state}, {reason}, {now}, {decided})
            on conflict (account, provider_call_id) do nothing
            """, context.CancellationToken);
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
