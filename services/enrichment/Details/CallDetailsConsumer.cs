using MassTransit;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Enrichment.Data;
using Outdial.Providers;

namespace Outdial.Enrichment.Details;

/// <summary>Writes down the calls whose records are to be read. Safe to repeat: one row per attempt, kept after it is done.</summary>
internal sealed class CallDetailsConsumer(
    EnrichmentDbContext db, ITelephonyProviders providers, IOptions<EnrichmentOptions> options) : IConsumer<AttemptEnded>
{
    public async Task Consume(ConsumeContext<AttemptEnded> context)
    {
        var ended = context.Message;
        if (!ended.Dialed || ended.ProviderCallId is not { Length: > 0 } call)
            return;
        if (providers.All.Any(provider => provider.Account == ended.Account && !provider.HasCallDetails))
            return;   // its provider forgets a call when it ends

        var endedAt = ended.OccurredAt.ToUniversalTime();
        var dueAt = endedAt + options.Value.DetailTimes[0];
        var answered = DetailRule.WasAnswered(ended);
        var recorded = ended.HasRecording == true;
        await db.AskForDetails(ended, call, answered, recorded, endedAt, dueAt, context.CancellationToken);
    }
}
