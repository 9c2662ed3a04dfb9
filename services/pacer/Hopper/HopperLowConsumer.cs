using MassTransit;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Data;
using Outdial.Pacer.Pulse;
using Outdial.Platform;

namespace Outdial.Pacer.Hopper;

/// <summary>The hopper runs low: the campaign's pulse looks at once.</summary>
internal sealed class HopperLowConsumer(PacerDbContext db, TimeProvider clock) : IConsumer<HopperLow>
{
    public Task Consume(ConsumeContext<HopperLow> context) =>
        db.LookAtAll([context.Message.CampaignId], clock.GetUtcNow(), context.CancellationToken);
}

internal sealed class HopperLowConsumerDefinition() : OutboxConsumerDefinition<HopperLowConsumer, PacerDbContext>("pacer-hopper-low");
