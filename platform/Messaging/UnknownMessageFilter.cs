using MassTransit;

namespace Outdial.Platform.Messaging;

/// <summary>Makes a message that no consumer of a queue takes a failed one, so that it goes to the error queue like any other.</summary>
internal sealed class UnknownMessageFilter : IFilter<ReceiveContext>
{
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) =>
        throw new MessageException(typeof(object), "No consumer of this queue knows the message.");

    public void Probe(ProbeContext context) => context.CreateFilterScope("unknownMessage");
}
