namespace Outdial.AgentRouter.Telemetry;

internal static partial class Log
{
    [LoggerMessage(6101, LogLevel.Error, "DialWhom for call {CallId} failed and was answered with nobody")]
    public static partial void DialWhomFailed(this ILogger log, string callId, Exception error);

    [LoggerMessage(6102, LogLevel.Error, "This router could not sign off: the leads that wait stay for the next router on this database")]
    public static partial void SignOffFailed(this ILogger log, Exception error);

    [LoggerMessage(6103, LogLevel.Information, "A {Type} of account {Account} names call {CallId}, which is known to nobody here")]
    public static partial void UnknownCall(this ILogger log, string type, string account, string? callId);

    [LoggerMessage(6104, LogLevel.Information, "The last router stops: {Leads} waiting leads were given back")]
    public static partial void LeadsGivenBack(this ILogger log, int leads);

    [LoggerMessage(6105, LogLevel.Warning, "The line of session {SessionId} was not opened: {Reason}")]
    public static partial void LineNotOpened(this ILogger log, Guid sessionId, string reason);

    [LoggerMessage(
        6106, LogLevel.Information, "The line of session {SessionId} names a number that it was not given: its lead's phone is taken to be forwarded")]
    public static partial void ForeignNumber(this ILogger log, Guid sessionId);

    [LoggerMessage(6107, LogLevel.Warning, "A call that is not the line of session {SessionId} claims to be it, and is not believed ({How})")]
    public static partial void StrangeLine(this ILogger log, Guid sessionId, string how);

    [LoggerMessage(6108, LogLevel.Warning, "A call that is not the one of attempt {AttemptId} claims to be it, and is not believed")]
    public static partial void StrangeCustomer(this ILogger log, Guid attemptId);
}
