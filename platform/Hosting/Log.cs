using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Hosting;

internal static partial class Log
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "The {Database} database is migrated")]
    public static partial void DatabaseMigrated(this ILogger log, string database);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Information, Message = "Outdial {Version} begins")]
    public static partial void Begins(this ILogger log, string version);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "The process is alive and not ready: the service starts when its databases are there")]
    public static partial void WaitingRoomOpened(this ILogger log);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "No address answers while the process waits for its databases: {Reason}")]
    public static partial void WaitingRoomFailed(this ILogger log, string reason);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information, Message = "The work in hand is done and handed over; the process ends")]
    public static partial void WorkEnded(this ILogger log);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "The shutdown could not wait for all {What}: after {Time} they were cut, and are done again by whoever gets them next")]
    public static partial void WorkCut(this ILogger log, string what, TimeSpan time);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error, Message = "The shutdown of {What} failed")]
    public static partial void StopFailed(this ILogger log, Exception e, string what);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "The {Loop} failed; it is tried again, and this is said once until it works again or fails otherwise")]
    public static partial void LoopFailed(this ILogger log, string loop, Exception error);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning, Message = "The {Loop} waits for its database, which is said once until it is back: {Reason}")]
    public static partial void LoopWaits(this ILogger log, string loop, string reason);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Information, Message = "The {Loop} works again, after {Failures} turns that failed")]
    public static partial void LoopWorksAgain(this ILogger log, string loop, int failures);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Debug, Message = "The {Loop} leaves a turn out after it failed; so many more: {Left}")]
    public static partial void LoopRests(this ILogger log, string loop, int left);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Critical, Message = "{Loop} ended although the process goes on; the process ends")]
    public static partial void LoopEnded(this ILogger log, string loop, Exception? error);
}
