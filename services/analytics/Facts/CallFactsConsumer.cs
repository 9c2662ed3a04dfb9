using MassTransit;
using Outdial.Analytics.Telemetry;
using Outdial.Contracts;

namespace Outdial.Analytics.Facts;

/// <summary>Keeps one fact row per attempt. Safe to repeat and to reorder: the rows decide, so no inbox is needed.</summary>
internal sealed class CallFactsConsumer(CallFacts facts, AnalyticsMetrics metrics)
    : IConsumer<AttemptStarted>, IConsumer<AttemptEnded>, IConsumer<CallDetailed>
{
    public Task Consume(ConsumeContext<AttemptStarted> context) => facts.RecordAsync(context.Message, context.CancellationToken);

    public async Task Consume(ConsumeContext<AttemptEnded> context)
    {
        if (await facts.RecordAsync(context.Message, context.CancellationToken))
            metrics.Ended(context.Message.Outcome);
    }

    public Task Consume(ConsumeContext<CallDetailed> context) => facts.RecordAsync(context.Message, context.CancellationToken);
}

internal sealed class CallFactsConsumerDefinition : ConsumerDefinition<CallFactsConsumer>
{
    public CallFactsConsumerDefinition() => ConcurrentMessageLimit = 16;   // single statements: half the pool is plenty
}
