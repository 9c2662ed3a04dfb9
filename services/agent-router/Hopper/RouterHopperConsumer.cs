using MassTransit;
using Outdial.AgentRouter.Campaigns;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Hopper;

/// <summary>What the pacer tells and asks about campaigns and leads.</summary>
internal sealed class RouterHopperConsumer(CampaignMirror mirror) : IConsumer<AgentCampaignChanged>
{
    public Task Consume(ConsumeContext<AgentCampaignChanged> context) => mirror.Take(context.Message, context.CancellationToken);
}

internal sealed class RouterHopperConsumerDefinition : ConsumerDefinition<RouterHopperConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<RouterHopperConsumer> consumerConfigurator,
        IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<RouterDbContext>(context);
}
