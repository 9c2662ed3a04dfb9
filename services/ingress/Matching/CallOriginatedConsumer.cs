using MassTransit;
using Outdial.Contracts;
using Outdial.Ingress.Data;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;

namespace Outdial.Ingress.Matching;

/// <summary>The provider named the call of an attempt: what came for that call before is matched now.</summary>
internal sealed class CallOriginatedConsumer(WebhookTranslation translation) : IConsumer<CallOriginated>
{
    public Task Consume(ConsumeContext<CallOriginated> context) => translation.LearnAsync(
        context.Message.Account, context.Message.ProviderCallId, context.Message.AttemptId, originated: true, context.CancellationToken);
}

internal sealed class CallOriginatedConsumerDefinition()
    : OutboxConsumerDefinition<CallOriginatedConsumer, IngressDbContext>("ingress-call-originated");
