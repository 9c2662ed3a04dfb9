using MassTransit;
using Microsoft.EntityFrameworkCore;
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
        // Told again with a later end: the first had been a guess, and what was read then was read too early.
        await db.Database.ExecuteSqlAsync($"""
            insert into detail_requests as request (
              attempt_id, campaign_id, account, provider_call_id, answered, ended_at, due_at, recording_known, recorded)
            values (
              {ended.AttemptId}, {ended.CampaignId}, {ended.Account}, {call}, {answered}, {endedAt}, {dueAt}, {recorded}, {recorded})
            on conflict (attempt_id) do update set
              answered = excluded.answered, ended_at = excluded.ended_at, due_at = excluded.due_at, recording_known = excluded.recording_known,
              recorded = request.recorded or excluded.recorded, tries = 0, done_at = null, result = null
            where request.result in ('incomplete', 'missing') and request.ended_at < excluded.ended_at
            """, context.CancellationToken);
    }
}
