namespace Outdial.Ingress.Telemetry;

internal static partial class Log
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "The broker did not take webhook {WebhookId} ({Kind}); it goes to the spool: {Error}")]
    public static partial void BrokerDidNotTakeTheWebhook(this ILogger log, Guid webhookId, string kind, string error);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "Webhook {WebhookId} ({Kind}) was answered 503: neither broker nor spool took it")]
    public static partial void NothingTookTheWebhook(this ILogger log, Guid webhookId, string kind, Exception error);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Information, Message = "{Records} spooled webhooks went to the broker; the spool is empty")]
    public static partial void SpoolDrained(this ILogger log, long records);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "{Depth} webhooks wait in the spool; next try in {Pause}: {Error}")]
    public static partial void SpoolWaits(this ILogger log, long depth, TimeSpan pause, string error);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Information, Message = "The spool holds {Records} webhooks of an earlier run in {Segments} segments")]
    public static partial void SpoolRecovered(this ILogger log, long records, int segments);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "Spool segment {Segment} ends in {Bytes} bytes that are no record, after {Records} good ones; they were never confirmed and are left out")]
    public static partial void TornSegment(this ILogger log, string segment, long records, long bytes);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Error, Message = "A spooled record of {Bytes} bytes cannot be read; it is kept in {File} for a person")]
    public static partial void UnreadableRecord(this ILogger log, int bytes, string file, Exception error);

    [LoggerMessage(EventId = 3009, Level = LogLevel.Error, Message = "{Depth} webhooks are left in the spool {Folder}; a process that starts with this folder, or the verb 'drain', takes them to the broker: {Error}")]
    public static partial void SpoolLeft(this ILogger log, long depth, string folder, string error);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Warning, Message = "A webhook ({Kind}) of account {Account} was answered 413: its body has {Bytes} bytes, and Ingress:MaxBodyBytes is {Limit}")]
    public static partial void TooLarge(this ILogger log, string kind, string account, long? bytes, int limit);

    [LoggerMessage(EventId = 3014, Level = LogLevel.Error, Message = "Webhook {WebhookId} ({Kind}) could not be stored as it was understood, and is kept for a person")]
    public static partial void NotUnderstood(this ILogger log, Guid webhookId, string kind, Exception error);

    [LoggerMessage(EventId = 3010, Level = LogLevel.Warning, Message = "Webhook {WebhookId} ({Kind}) is quarantined: {Reason}")]
    public static partial void Quarantined(this ILogger log, Guid webhookId, string kind, string reason);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Information, Message = "{Count} webhooks of a call that was unknown are matched to attempt {AttemptId}")]
    public static partial void Matched(this ILogger log, int count, Guid attemptId);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Information, Message = "Webhook {WebhookId} was replayed by {By}: {Disposition}")]
    public static partial void Replayed(this ILogger log, Guid webhookId, string by, string disposition);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Error, Message = "The translator threw {Error} for webhook {WebhookId} ({Kind}), which is a defect of ours:\n{Where}")]
    public static partial void TranslatorFailed(this ILogger log, Guid webhookId, string kind, string error, string? where);

    [LoggerMessage(EventId = 3015, Level = LogLevel.Warning, Message =
        "A time in webhook {WebhookId} of account {Account} is ahead of ours by whole half-hours, as if it were of another zone than the account's TimeZone")]
    public static partial void OtherZone(this ILogger log, Guid webhookId, string account);

    [LoggerMessage(EventId = 3020, Level = LogLevel.Information, Message = "{Count} raw webhooks older than {Before:u} were deleted")]
    public static partial void Pruned(this ILogger log, int count, DateTimeOffset before);
}
