using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Outbox;

internal static partial class Log
{
    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "Message {MessageId} ({MessageType}) was not delivered, failure {Failures}; it is tried again")]
    public static partial void DeliveryFailed(this ILogger log, Exception e, Guid messageId, string messageType, int failures);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Error, Message = "The outbox of {Database} could not be delivered; it is tried again")]
    public static partial void DeliveryLoopFailed(this ILogger log, Exception e, string database);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Information, Message = "Redelivering {Count} messages kept in the outbox of {Database}")]
    public static partial void RedeliveringKept(this ILogger log, int count, string database);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Warning, Message = "The inbox of {Database} could not be pruned; it is tried again")]
    public static partial void PruneFailed(this ILogger log, Exception e, string database);

    [LoggerMessage(EventId = 1205, Level = LogLevel.Debug, Message = "Pruning of {Database} stopped")]
    public static partial void PrunerStopped(this ILogger log, string database);
}
