using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Hosting;

internal static partial class Log
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "The {Database} database is migrated")]
    public static partial void DatabaseMigrated(this ILogger log, string database);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "The process is alive and not ready: the service starts when its databases are there")]
    public static partial void WaitingRoomOpened(this ILogger log);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "No address answers while the process waits for its databases: {Reason}")]
    public static partial void WaitingRoomFailed(this ILogger log, string reason);
}
