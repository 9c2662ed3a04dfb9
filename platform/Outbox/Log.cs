using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Outbox;

internal static partial class Log
{
    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "Message {MessageId} ({MessageType}) was not delivered, failure {Failures}; it is tried again")]
    public static partial void DeliveryFailed(this ILogger log, Exception e, Guid messageId, string messageType, int failures);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Information, Message = "Redelivering {Count} messages kept in the outbox of {Database}")]
    public static partial void RedeliveringKept(this ILogger log, int count, string database);
}
