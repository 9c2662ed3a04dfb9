using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Enrichment.Data;
using Outdial.Providers;

namespace Outdial.Enrichment.Details;

/// <summary>Writes down the calls whose records are to be read. Safe to repeat: one row per attempt, kept after it is done.</summary>
public sealed class CallDetailsConsumer(EnrichmentDbContext db, ITelephonyProviders providers, IOptions<EnrichmentOptions> options) : IConsumer<AttemptEnded>
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
        await db.Database.ExecuteSqlAsync($"""
            insert into detail_requests (attempt_id, campaign_id, account, provider_call_id, answered, ended_at, due_at)
            values ({ended.AttemptId}, {ended.CampaignId}, {ended.Account}, {call}, {answered}, {endedAt}, {dueAt})
            on conflict (attempt_id) do nothing
            """, context.CancellationToken);
    }
}
