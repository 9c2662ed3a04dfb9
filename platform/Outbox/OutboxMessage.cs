using MassTransit;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Outdial.Platform.Outbox;

/// <summary>A row of <c>outbox_messages</c>: a serialised message with everything that delivery needs to know.</summary>
public sealed class OutboxMessage : OutboxMessageContext
{
    private Headers _headers = EmptyHeaders.Instance;
    private IReadOnlyDictionary<string, object> _properties = new Dictionary<string, object>();

    /// <summary>Place in the order of delivery; given by the database.</summary>
    public long Sequence { get; init; }

    public required Guid MessageId { get; init; }
    public Guid? ConversationId { get; init; }
    public Guid? CorrelationId { get; init; }
    public Guid? InitiatorId { get; init; }
    public Guid? RequestId { get; init; }
    public string? SourceAddress { get; init; }
    public required string DestinationAddress { get; init; }
    public string? ResponseAddress { get; init; }
    public string? FaultAddress { get; init; }

    /// <summary>CLR type of a published message, <c>Full.Name, Assembly</c>; null for one sent to a single address.</summary>
    public string? PublishType { get; init; }

    /// <summary>The message's wire names, separated by semicolons.</summary>
    public required string MessageType { get; init; }

    public required string ContentType { get; init; }
    public string? Headers { get; init; }
    public string? Properties { get; init; }
    public required string Body { get; init; }

    /// <summary>When the row was written, real time, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Not to be delivered before; null for at once.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>How many deliveries have failed.</summary>
    public int Failures { get; init; }

    /// <summary>When it was delivered, real time, UTC. Only where delivered rows are kept.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Reads headers and transport properties back from their text. Call it before delivery.</summary>
    public void Deserialize(IObjectDeserializer json)
    {
        if (json.DeserializeDictionary<object?>(Headers) is { } headers)
            _headers = new DictionarySendHeaders(headers);
        if (json.DeserializeDictionary<object>(Properties) is { } properties)
            _properties = properties;
    }

    long OutboxMessageContext.SequenceNumber => Sequence;
    IReadOnlyDictionary<string, object> OutboxMessageContext.Properties => _properties;
    Guid? MessageContext.MessageId => MessageId;
    Uri? MessageContext.SourceAddress => Address(SourceAddress);
    Uri? MessageContext.DestinationAddress => Address(DestinationAddress);
    Uri? MessageContext.ResponseAddress => Address(ResponseAddress);
    Uri? MessageContext.FaultAddress => Address(FaultAddress);
    DateTime? MessageContext.ExpirationTime => ExpiresAt?.UtcDateTime;
    DateTime? MessageContext.SentTime => CreatedAt.UtcDateTime;
    Headers MessageContext.Headers => _headers;
    HostInfo MessageContext.Host => HostMetadataCache.Host;

    private static Uri? Address(string? text) => text is null ? null : new Uri(text);
}

/// <summary>A row of <c>inbox_messages</c>: this consumer has handled this message.</summary>
public sealed class InboxMessage
{
    public required Guid MessageId { get; init; }
    public required Guid ConsumerId { get; init; }
    public required DateTimeOffset ConsumedAt { get; init; }
}
