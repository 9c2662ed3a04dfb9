using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
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
internal sealed partial class WebhookTranslation(
    IngressDbContext db, IOutbox<IngressDbContext> outbox, KnownCalls calls, WebhookKinds kinds, CallbackAddresses<IngressDbContext> addresses,
    IngressMetrics metrics, ILogger<WebhookTranslation> log)
{
    private const int LongestReason = 300;
    private static readonly Seldom OddClocks = new(TimeProvider.System, TimeSpan.FromMinutes(10));

    /// <summary>The webhook translated last named an attempt and a call, and that they belong together was not known.</summary>
    public bool Taught { get; private set; }

    /// <summary>
    /// Translates and saves. Whatever is in the request, it has its row: where what was made of it cannot be stored, it is kept without.
    /// </summary>
    /// <param name="webhook">Of the context of this scope, in a transaction of the caller.</param>
    /// <returns>The events that were published.</returns>
    public async Task<IReadOnlyList<IProviderEvent>> UnderstandAsync(Webhook webhook, CancellationToken cancel)
    {
        const string before = "before_translation";
        var transaction = db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync(before, cancel);
        try
        {
            var events = await ApplyAsync(webhook, cancel);
            await db.SaveChangesAsync(cancel);
            return events;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && IsOfTheContent(e))
        {
            log.NotUnderstood(webhook.Id, webhook.Kind, e);
            await transaction.RollbackToSavepointAsync(before, cancel);
            foreach (var entry in db.ChangeTracker.Entries().Where(entry => entry.Entity != webhook && entry.State == EntityState.Added).ToList())
                entry.State = EntityState.Detached;
            Taught = false;
            webhook.SetAside($"What it says cannot be stored: {Told(e.GetBaseException())}");
            metrics.Decided(webhook.Kind, webhook.Disposition);
            await db.SaveChangesAsync(cancel);
            return [];
        }
    }

    /// <summary>The same request would fail in the same way for ever. All else passes, and the message is handled again.</summary>
    private static bool IsOfTheContent(Exception error) => error.GetBaseException() switch
    {
        // Data exceptions, broken constraints but for two copies of the same, limits of the program: PostgreSQL's appendix A.
        PostgresException refused => refused.SqlState is not PostgresErrorCodes.UniqueViolation && refused.SqlState[..2] is "22" or "23" or "54",
        NpgsqlException or IOException or SocketException or TimeoutException or OperationCanceledException or ObjectDisposedException
            or DbUpdateConcurrencyException => false,
        _ => true,
    };

    private async Task<IReadOnlyList<IProviderEvent>> ApplyAsync(Webhook webhook, CancellationToken cancel)
    {
        Taught = false;
        // A process that waits for its database takes webhooks in without knowing which addresses are revoked.
        if (webhook.AddressId is { } address && await addresses.WasRevokedAsync(address, webhook.ReceivedAt, cancel))
            return await Publish(webhook, new Translation([], Quarantine: "It came to an address that had been revoked.", Notes: ["revoked-address"]), cancel);
        var translation = Translate(webhook);
        if (translation.UnmatchedCallId is { } callId && await calls.FindAsync(webhook.Account, callId, cancel) is { } attempt)
        {
            webhook.BelongsTo(attempt);
            translation = Translate(webhook);
        }
        translation = await Believed(webhook, translation, cancel);
        return await Publish(webhook, translation, cancel);
    }

    /// <summary>Remembers whose call it is, and publishes what was parked for it.</summary>
    /// <param name="originated">The provider's answer to our own request said so.</param>
    public async Task LearnAsync(string account, string callId, Guid attemptId, bool originated, CancellationToken cancel)
    {
        if (!await calls.LearnAsync(account, callId, attemptId, originated, cancel))
            return;
        var parked = await calls.ParkedAsync(account, callId, cancel);
        foreach (var webhook in parked)
            await UnderstandAsync(webhook, cancel);
        if (parked.Count > 0)
            log.Matched(parked.Count, attemptId);
    }

    /// <summary>What an address or an echo of one attempt says of a call that is not that attempt's is not believed.</summary>
    private async Task<Translation> Believed(Webhook webhook, Translation translation, CancellationToken cancel)
    {
        if (translation.Quarantine is not null || translation.UnmatchedCallId is not null
            || translation.Events.OfType<ICallEvent>().FirstOrDefault() is not { ProviderCallId: { } callId } call)
            return translation;
        var claimed = await calls.ClaimAsync(webhook.Account, callId, call.AttemptId, kinds.Translator(webhook.Provider)!.HasOneIdPerCall, cancel);
        Taught = claimed == Claimed.New;
        return claimed switch
        {
            Claimed.AnothersCall => NotBelieved("It names a call that was made for another attempt."),
            Claimed.NotItsCall => NotBelieved("It names another call than the one that was made for its attempt."),
            _ => translation,
        };

        Translation NotBelieved(string why) => new([], Quarantine: why, Notes: [.. translation.Notes ?? [], "foreign-call"]);
    }

    private async Task<IReadOnlyList<IProviderEvent>> Publish(Webhook webhook, Translation translation, CancellationToken cancel)
    {
        Note(webhook, translation);
        if (webhook.Disposition != Dispositions.Translated)
            return [];
        foreach (var happened in translation.Events)
        {
            metrics.Lag(webhook.Kind, happened.ReceivedAt - happened.OccurredAt);
            await outbox.Publish(happened, cancel);   // by its own type
        }
        return translation.Events;
    }

    private void Note(Webhook webhook, Translation translation)
    {
        webhook.Decide(translation);
        metrics.Decided(webhook.Kind, webhook.Disposition);
        foreach (var oddity in translation.Notes ?? [])
            metrics.Odd(webhook.Kind, oddity);
        if (translation.Notes?.Contains(ForeignClock.OtherZone) == true && OddClocks.May(webhook.Account))
            log.OtherZone(webhook.Id, webhook.Account);
        if (webhook.Disposition == Dispositions.Quarantined)
            log.Quarantined(webhook.Id, webhook.Kind, webhook.Reason!);
    }

    // A translator never throws for bad input. One that does has met what nobody has foreseen: the request is kept for a person like any other
    // that was not understood, because a message that fails would never become a row.
    private Translation Translate(Webhook webhook)
    {
        if (kinds.Translator(webhook.Provider) is not { } translator)
            return new Translation([], Quarantine: $"There is no translator for the provider {webhook.Provider}.");
        try
        {
            var (request, fault) = webhook.ToRequest();
            return fault is null ? translator.Translate(request) : new Translation([], Quarantine: fault);
        }
        catch (Exception e)
        {
            log.TranslatorFailed(webhook.Id, webhook.Kind, e.GetType().Name, e.StackTrace);
            return new Translation([], Quarantine: $"The translator failed: {Told(e)}", Notes: ["translator-failed"]);
        }
    }

    /// <summary>
    /// Type and message of an error. What a message quotes may stem from the request: names and numbers of people are not repeated.
    /// </summary>
    internal static string Told(Exception error)
    {
        var told = Masked.Text(Quoted().Replace($"{error.GetType().Name}: {error.Message}", "'…'"));
        return told.Length > LongestReason ? told[..LongestReason] : told;
    }

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”")]
    private static partial Regex Quoted();
}
