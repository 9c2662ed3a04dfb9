using Outdial.Contracts;
using Outdial.Ingress.Data;
using Outdial.Ingress.Matching;
using Outdial.Ingress.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Ingress.Webhooks;

/// <summary>
/// Translates a stored webhook and publishes what it says, in the transaction of the caller. The events' ids come from the
/// webhook's, so doing it again publishes the same events again and no others.
/// </summary>
internal sealed class WebhookTranslation(
    IngressDbContext db, IOutbox<IngressDbContext> outbox, KnownCalls calls, WebhookKinds kinds, IngressMetrics metrics,
    ILogger<WebhookTranslation> log)
{
    /// <returns>The events that were published.</returns>
    public async Task<IReadOnlyList<IProviderEvent>> ApplyAsync(Webhook webhook, CancellationToken cancel)
    {
        var translation = Translate(webhook);
        if (translation.UnmatchedCallId is { } callId && await calls.FindAsync(webhook.Account, callId, cancel) is { } attempt)
        {
            webhook.BelongsTo(attempt);
            translation = Translate(webhook);
        }
        webhook.Decide(translation);

        metrics.Decided(webhook.Kind, webhook.Disposition);
        foreach (var oddity in translation.Notes ?? [])
            metrics.Odd(webhook.Kind, oddity);
        if (webhook.Disposition == Dispositions.Quarantined)
            log.Quarantined(webhook.Id, webhook.Kind, webhook.Reason!);
        if (webhook.Disposition != Dispositions.Translated)
            return [];

        foreach (var happened in translation.Events)
        {
            metrics.Lag(webhook.Kind, happened.ReceivedAt - happened.OccurredAt);
            await outbox.Publish(happened, cancel);   // by its own type
        }
        return translation.Events;
    }

    /// <summary>Remembers whose call it is, and publishes what was parked for it.</summary>
    public async Task LearnAsync(string account, string callId, Guid attemptId, CancellationToken cancel)
    {
        if (!await calls.LearnAsync(account, callId, attemptId, cancel))
            return;
        var parked = await calls.ParkedAsync(account, callId, cancel);
        foreach (var webhook in parked)
            await ApplyAsync(webhook, cancel);
        if (parked.Count > 0)
            log.Matched(parked.Count, attemptId);
        await db.SaveChangesAsync(cancel);
    }

    private Translation Translate(Webhook webhook) =>
        kinds.Translator(webhook.Provider)?.Translate(webhook.ToRequest())
        ?? new Translation([], Quarantine: $"There is no translator for the provider {webhook.Provider}.");
}
