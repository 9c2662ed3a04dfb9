using MassTransit;
using MassTransit.Context;
using MassTransit.Serialization;

namespace Outdial.Platform.Outbox;

/// <summary>Turns a message on its way to the transport into a row.</summary>
internal static class OutboxRows
{
    private static readonly SystemTextJsonMessageSerializer s_json = SystemTextJsonMessageSerializer.Instance;

    /// <param name="bus">Knows where messages of a type are published to, which tells a publish from a send.</param>
    /// <param name="time">The clock by which delays and expiry are counted.</param>
    public static OutboxMessage Row<T>(SendContext<T> context, IBus bus, TimeProvider time)
        where T : class
    {
        var now = time.GetUtcNow();
        var destination = context.DestinationAddress ?? throw new MessageException(typeof(T), "The message has no destination.");
        return new OutboxMessage
        {
            MessageId = context.MessageId ?? throw new MessageException(typeof(T), "The message has no id."),
            ConversationId = context.ConversationId,
            CorrelationId = context.CorrelationId,
            InitiatorId = context.InitiatorId,
            RequestId = context.RequestId,
            SourceAddress = context.SourceAddress?.ToString(),
            DestinationAddress = destination.ToString(),
            ResponseAddress = context.ResponseAddress?.ToString(),
            FaultAddress = context.FaultAddress?.ToString(),
            PublishType = bus.Topology.TryGetPublishAddress<T>(out var published) && published == destination ? NameOf(typeof(T)) : null,
            MessageType = string.Join(';', context.SupportedMessageTypes),
            ContentType = (context.ContentType ?? context.Serialization.DefaultContentType).ToString(),
            Headers = s_json.SerializeDictionary(context.Headers.GetAll()),
            Properties = Properties(context),
            Body = context.Serializer.GetMessageBody(context).GetString(),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            ExpiresAt = now + context.TimeToLive,
            DeliverAt = now + context.Delay,
        };
    }

    private static string? Properties<T>(SendContext<T> context)
        where T : class
    {
        if (context is not TransportSendContext<T> transport)
            return null;

        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        transport.WritePropertiesTo(properties);

        // The row waits in deliver_at. Left here, RabbitMQ would be asked for an exchange type that only its plugin
        // has, and would close the channel.
        properties.Remove("Delay");
        return properties.Count == 0 ? null : s_json.SerializeDictionary(properties);
    }

    // Without the version: the row may be delivered by a newer build than the one that wrote it.
    private static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
