using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Messaging;

internal static partial class Log
{
    [LoggerMessage(EventId = 1301, Level = LogLevel.Warning, Message = "Waiting for the broker, try {Attempt}: {Reason}")]
    public static partial void WaitingForBroker(this ILogger log, int attempt, string reason);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Information, Message = "The broker is there, with all queues of the platform")]
    public static partial void TopologyDeclared(this ILogger log);
}
