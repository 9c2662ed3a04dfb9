using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;

namespace Outdial.Platform.Outbox;

/// <summary>
/// What a handler sees: everything it sends, publishes or responds is stored instead. Delivery is the delivery loop's
/// business, so a message that was consumed is also delivered as far as the middleware is concerned.
/// </summary>
internal sealed class InboxOutboxConsumeContext<T>(
    ConsumeContext<T> context, OutboxConsumeOptions options, IServiceProvider services, OutboxSendContext outbox, Guid messageId, bool isFirst)
    : OutboxConsumeContextProxy<T>(context, options, services)
    where T : class
{
    public override Guid? MessageId => messageId;
    public override bool ContinueProcessing { get; set; } = true;
    public override bool IsMessageConsumed => !isFirst;
    public override bool IsOutboxDelivered => !isFirst;
    public override int ReceiveCount => 1;
    public override long? LastSequenceNumber => null;

    public override Task AddSend<TMessage>(SendContext<TMessage> sent) => outbox.AddSend(sent);

    public override Task SetConsumed() => Task.CompletedTask;
    public override Task SetDelivered() => Task.CompletedTask;
    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult(new List<OutboxMessageContext>());
    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;
    public override Task RemoveOutboxMessages() => Task.CompletedTask;
}
