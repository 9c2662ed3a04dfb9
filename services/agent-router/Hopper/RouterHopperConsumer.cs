using MassTransit;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Hopper;

/// <summary>What the pacer tells and asks about campaigns and leads.</summary>
internal sealed class RouterHopperConsumer(CampaignCopies mirror, HopperIntake hopper)
    : IConsumer<AgentCampaignChanged>, IConsumer<HopperFilled>, IConsumer<ReturnLeads>, IConsumer<NumberSuppressed>
{
    public async Task Consume(ConsumeContext<AgentCampaignChanged> context)
    {
        var told = context.Message;
        if (await mirror.Take(told, context.CancellationToken) && told.State != CampaignStates.Running)
            await hopper.ReturnAll(told.CampaignId, $"the campaign is {told.State}", context.CancellationToken);
    }

    public Task Consume(ConsumeContext<HopperFilled> context) => hopper.Fill(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<ReturnLeads> context) => hopper.Return(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<NumberSuppressed> context) => hopper.Suppress(context.Message, context.CancellationToken);
}

internal sealed class RouterHopperConsumerDefinition : OutboxConsumerDefinition<RouterHopperConsumer, RouterDbContext>;
