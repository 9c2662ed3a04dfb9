using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Ingress.Webhooks;

/// <summary>What became of a webhook.</summary>
internal static class Dispositions
{
    /// <summary>It yielded events.</summary>
    public const string Translated = "translated";

    /// <summary>It could not be understood; a person may look at it and have it replayed.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>It was understood and names a call that belongs to no known attempt; it waits for that to change.</summary>
    public const string Unmatched = "unmatched";

    /// <summary>It was understood and says nothing about a call.</summary>
    public const string Ignored = "ignored";

    public static readonly IReadOnlyList<string> All = [Translated, Quarantined, Unmatched, Ignored];
}

/// <summary>A provider's request as it came, and what became of it.</summary>
internal sealed class Webhook
{
    public Guid Id { get; private set; }
    public string Account { get; private set; } = "";
    public string Provider { get; private set; } = "";
    public string Kind { get; private set; } = "";
    public Guid? AttemptId { get; private set; }

    /// <summary>The account's address that it came to; null: it was one of an attempt or line.</summary>
    public Guid? AddressId { get; private set; }

    public string Method { get; private set; } = "";

    /// <summary>Without the token; null in rows of an earlier version.</summary>
    public string? Path { get; private set; }

    /// <summary>One <c>Name: value</c> a line, without secrets; null in rows of an earlier version.</summary>
    public string? Headers { get; private set; }

    public string Query { get; private set; } = "";
    public string? ContentType { get; private set; }
    public byte[] Body { get; private set; } = [];
    public DateTimeOffset ReceivedAt { get; private set; }
    public string Disposition { get; private set; } = Dispositions.Quarantined;
    public string? Reason { get; private set; }
    public string? CallId { get; private set; }
    public int Events { get; private set; }

    public static Webhook Of(WebhookReceived received) => new()
    {
        Id = received.Id,
        Account = received.Account,
        Provider = received.Provider,
        Kind = received.Kind,
        AttemptId = received.AttemptId,
        AddressId = received.AddressId,
        Method = received.Method,
        // The body is kept as bytes; these are columns of text, which hold less than a text of ours.
        Path = received.Path is { } path ? Storable.Text(path) : null,
        Headers = received.Headers is { } headers ? Storable.Text(string.Join('\n', headers)) : null,
        Query = Storable.Text(received.Query),
        ContentType = received.ContentType is { } type ? Storable.Text(type) : null,
        Body = received.Body,
        // PostgreSQL keeps microseconds; a replay must see the very instant that the first translation saw.
        ReceivedAt = received.ReceivedAt.AddTicks(-(received.ReceivedAt.Ticks % TimeSpan.TicksPerMicrosecond)),
    };

    /// <summary>What the translator is given, at first and at every replay; or the reason why there is nothing to give.</summary>
    public (WebhookRequest Request, string? Fault) ToRequest()
    {
        var (body, fault) = PackedBody.Unpack(Body, RequestHeaders.Find((Headers ?? "").Split('\n'), "Content-Encoding"));
        return (new(Id, Account, Kind, AttemptId, Method, Query, ContentType, body, ReceivedAt), fault);
    }

    /// <summary>What was made of it could not be stored: it is kept for a person instead.</summary>
    public void SetAside(string reason)
    {
        CallId = null;
        Decide(new Translation([], Quarantine: reason));
    }

    /// <summary>Notes what the translation found.</summary>
    public void Decide(Translation translation)
    {
        CallId = (translation.UnmatchedCallId ?? translation.Events.FirstOrDefault()?.ProviderCallId) is { } call ? Storable.Text(call) : CallId;
        if (translation.UnmatchedCallId is null && translation.Events.FirstOrDefault() is ICallEvent happened)
            AttemptId = happened.AttemptId;
        (Disposition, Reason) = translation switch
        {
            { Quarantine: { } why } => (Dispositions.Quarantined, Storable.Text(why)),
            { UnmatchedCallId: not null } => (Dispositions.Unmatched, "No attempt is known for this call."),
            { Events.Count: > 0 } => (Dispositions.Translated, (string?)null),
            _ => (Dispositions.Ignored, null),
        };
        Events = Disposition == Dispositions.Translated ? translation.Events.Count : 0;
    }

    /// <summary>The call's attempt has become known.</summary>
    public void BelongsTo(Guid attemptId) => AttemptId = attemptId;
}

internal sealed class WebhookMapping : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> builder) => builder.Property(webhook => webhook.Id).ValueGeneratedNever();
}
