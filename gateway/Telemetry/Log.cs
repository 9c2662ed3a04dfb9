using Outdial.Gateway.Routing;

namespace Outdial.Gateway.Telemetry;

internal static partial class Log
{
    [LoggerMessage(EventId = 8001, Level = LogLevel.Warning, Message = "No agent-router answered DialWhom ({Reason}); the provider was told that there is nobody to dial")]
    public static partial void NobodyAnsweredDialWhom(this ILogger log, string reason);

    [LoggerMessage(EventId = 8005, Level = LogLevel.Warning, Message = "A request of lane {Lane} was not passed on to the {Service} service and was answered {Status}: {Reason}")]
    public static partial void NotPassedOn(this ILogger log, LaneKind lane, string service, int status, string reason);

    [LoggerMessage(EventId = 8006, Level = LogLevel.Warning, Message = "A request of lane {Lane} was answered 413: its body has {Bytes} bytes, and at most {Limit} are taken")]
    public static partial void TooLarge(this ILogger log, LaneKind lane, long? bytes, long limit);

    [LoggerMessage(EventId = 8002, Level = LogLevel.Warning, Message = "The API keys cannot be read; those read {Age} ago are believed until {Limit} have passed: {Reason}")]
    public static partial void KeysNotRead(this ILogger log, TimeSpan age, TimeSpan limit, string reason);

    [LoggerMessage(EventId = 8003, Level = LogLevel.Information, Message = "The API keys can be read again: {Count}")]
    public static partial void KeysReadAgain(this ILogger log, int count);

    [LoggerMessage(EventId = 8004, Level = LogLevel.Information, Message = "{Who} ({Client}): API key '{Name}' {Action}")]
    public static partial void KeyChanged(this ILogger log, string who, string? client, string name, string action);

    [LoggerMessage(EventId = 8008, Level = LogLevel.Warning, Message = "Acts that are older than they are kept for could not be removed: {Reason}")]
    public static partial void ActsNotPruned(this ILogger log, string reason);

    [LoggerMessage(EventId = 8007, Level = LogLevel.Error, Message = "It is not kept that {Who} sent {Method} {Path}, which was answered {Status}: {Reason}")]
    public static partial void ActNotKept(this ILogger log, string who, string method, string path, int status, string reason);
}
