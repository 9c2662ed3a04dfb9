using MassTransit;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>Hears all that the router publishes. Delivery to memory repeats, so each message counts once.</summary>
internal sealed class Ear(Heard heard)
    : IConsumer<AgentStateChanged>, IConsumer<AgentsPresent>, IConsumer<OpenAgentLine>, IConsumer<LeadDialed>, IConsumer<LeadReturned>,
      IConsumer<HopperLow>, IConsumer<CallRinging>, IConsumer<CallAnswered>, IConsumer<CallConnected>, IConsumer<CallTerminated>,
      IConsumer<LeadDispositioned>, IConsumer<InboundCallMissed>, IConsumer<InboundCallReached>, IConsumer<InboundCallEnded>,
      IConsumer<CallQueued>, IConsumer<CallDequeued>
{
    public Task Consume(ConsumeContext<AgentStateChanged> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<AgentsPresent> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<OpenAgentLine> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<LeadDialed> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<LeadReturned> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<HopperLow> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<CallRinging> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<CallAnswered> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<CallConnected> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<CallTerminated> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<LeadDispositioned> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<InboundCallMissed> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<InboundCallReached> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<InboundCallEnded> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<CallQueued> context) => Hear(context.Message);
    public Task Consume(ConsumeContext<CallDequeued> context) => Hear(context.Message);

    private Task Hear(object message)
    {
        heard.Add(message);
        return Task.CompletedTask;
    }
}

/// <summary>One queue for the whole test.</summary>
internal sealed class EarDefinition : ConsumerDefinition<Ear>
{
    public EarDefinition() => EndpointName = "tests-ear";
}
