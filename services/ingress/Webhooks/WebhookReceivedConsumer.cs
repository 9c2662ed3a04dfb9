using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Ingress.Data;
using Outdial.Platform;

namespace Outdial.Ingress.Webhooks;

/// <summary>
/// Stores a received webhook and publishes what it says, in one transaction. The same webhook may come twice (a publish that
/// was given up and went through all the same, a spool drained twice): its row is the proof that it was handled.
/// </summary>
internal sealed class WebhookReceivedConsumer(IngressDbContext db, WebhookTranslation translation) : IConsumer<WebhookReceived>
{
    public async Task Consume(ConsumeContext<WebhookReceived> context)
    {
        var (received, cancel) = (context.Message, context.CancellationToken);
        if (await db.Webhooks.AnyAsync(webhook => webhook.Id == received.Id, cancel))
            return;

        var webhook = Webhook.Of(received);
        db.Webhooks.Add(webhook);
        await translation.UnderstandAsync(webhook, cancel);

        // A request that names both teaches what the others of its call need. What is about an agent's line names no attempt.
        if (translation.Taught && webhook is { AttemptId: { } attempt, CallId: { } callId })
            await translation.LearnAsync(webhook.Account, callId, attempt, originated: false, cancel);
    }
}

internal sealed class WebhookReceivedConsumerDefinition()
    : OutboxConsumerDefinition<WebhookReceivedConsumer, IngressDbContext>("ingress-webhook-received")
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<WebhookReceivedConsumer> consumerConfigurator,
        IRegistrationContext context)
    {
        // What is about one call is handled in its order, within this process; across replicas the order is not promised.
        consumerConfigurator.Message<WebhookReceived>(message => message.UsePartitioner(32, received => received.Message.OrderKey));
        base.ConfigureConsumer(endpointConfigurator, consumerConfigurator, context);
    }
}
