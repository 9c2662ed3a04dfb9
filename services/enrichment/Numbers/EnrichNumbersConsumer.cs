using MassTransit;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Enrichment.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Enrichment.Numbers;

/// <summary>Answers what is known at once and leaves the rest to the worker: the queue never waits for the provider.</summary>
internal sealed partial class EnrichNumbersConsumer(
    NumberDirectory directory, NumberLookupWorker worker, ITelephonyProviders providers, TimeProvider clock,
    IOptions<EnrichmentOptions> options, ILogger<EnrichNumbersConsumer> log) : IConsumer<EnrichNumbers>
{
    public async Task Consume(ConsumeContext<EnrichNumbers> context)
    {
        var (asked, cancel) = (context.Message, context.CancellationToken);
        var numbers = asked.Numbers.Distinct().ToList();
        var known = await directory.FindAsync(numbers, cancel);
        var rest = numbers.Where(number => !known.ContainsKey(number)).ToList();

        var now = clock.GetUtcNow();
        foreach (var record in known.Values)
            await context.Publish(record.ToEvent(now), cancel);
        if (rest.Count == 0)
            return;

        var provider = providers.All.FirstOrDefault(provider => provider.Account == asked.Account);
        if (provider is not { HasNumberMetadata: true })
        {
            // Nobody would ever look these up; an answer lets the asker go on.
            if (provider is null)
                UnknownAccount(log, asked.Account, rest.Count);
            foreach (var number in rest)
            {
                var answer = provider is null ? NumberRecord.NotAsked(number, now, options.Value)
                    : NumberRecord.NobodyKnows(number, now, options.Value);
                await context.Publish(answer.ToEvent(now), cancel);
            }
            return;
        }
        await directory.AskAsync(asked.Account, rest, asked.Urgent, cancel);
        worker.Wake();
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Account '{Account}' is not configured here: {Count} numbers answered as unavailable")]
    private static partial void UnknownAccount(ILogger log, string account, int count);
}

internal sealed class EnrichNumbersConsumerDefinition : OutboxConsumerDefinition<EnrichNumbersConsumer, EnrichmentDbContext>;
