namespace Outdial.Pacer.Telemetry;

internal static partial class Log
{
    [LoggerMessage(3101, LogLevel.Information, "Attempt {AttemptId} was dropped undialed: {Why}")]
    public static partial void AttemptDropped(this ILogger log, Guid attemptId, string why);

    [LoggerMessage(3102, LogLevel.Information, "The provider refused attempt {AttemptId} ({StatusCode}): {Reason}")]
    public static partial void CallRefused(this ILogger log, Guid attemptId, int? statusCode, string reason);

    [LoggerMessage(3103, LogLevel.Warning, "It is not known whether attempt {AttemptId} was placed: {Reason}. The provider's records will tell")]
    public static partial void CallUncertain(this ILogger log, Guid attemptId, string reason);

    [LoggerMessage(3104, LogLevel.Warning, "Account {Account} is not dialed over until {Until:u}: {Reason}")]
    public static partial void AccountBlocked(this ILogger log, string account, DateTimeOffset until, string reason);

    [LoggerMessage(3105, LogLevel.Warning, "A {Type} names attempt {AttemptId}, which this ledger does not have; it is kept in unmatched_events")]
    public static partial void UnmatchedEvent(this ILogger log, string type, Guid attemptId);

    [LoggerMessage(3106, LogLevel.Warning, "Attempt {AttemptId} was silent; the provider's records say: {Finding}")]
    public static partial void Reconciled(this ILogger log, Guid attemptId, string finding);

    [LoggerMessage(3107, LogLevel.Warning, "The provider's records of attempt {AttemptId} could not be read and are asked for again later: {Reason}")]
    public static partial void LookUpFailed(this ILogger log, Guid attemptId, string reason);

    [LoggerMessage(3109, LogLevel.Debug, "A pulse of campaign {CampaignId} met another writer and is repeated at its next turn")]
    public static partial void PulseLostRace(this ILogger log, Guid campaignId);

    [LoggerMessage(3110, LogLevel.Information, "Campaign {CampaignId} pauses: {Reason} ({Explanation}), by {By}")]
    public static partial void CampaignPauses(this ILogger log, Guid campaignId, string reason, string? explanation, string by);

    [LoggerMessage(3113, LogLevel.Information, "Campaign {CampaignId} starts, by {By}")]
    public static partial void CampaignStarts(this ILogger log, Guid campaignId, string by);

    [LoggerMessage(3114, LogLevel.Information, "Campaign {CampaignId} goes on, by {By}; it had paused for {Reason}")]
    public static partial void CampaignResumes(this ILogger log, Guid campaignId, string reason, string by);

    [LoggerMessage(3115, LogLevel.Information, "Campaign {CampaignId} is over. {How}")]
    public static partial void CampaignEnds(this ILogger log, Guid campaignId, string how);

    [LoggerMessage(3111, LogLevel.Warning, "A word of account {Account}'s provider tells an instant that cannot be true: {What}")]
    public static partial void OddInstant(this ILogger log, string account, string what);

    [LoggerMessage(3112, LogLevel.Error, "The look at campaign {CampaignId} failed; the others go on, and it is looked at again at {NextAt:u}")]
    public static partial void PulseFailed(this ILogger log, Exception error, Guid campaignId, DateTimeOffset nextAt);

    [LoggerMessage(3121, LogLevel.Warning, "Agent's line {LineId} was not opened: {Reason}")]
    public static partial void LineNotOpened(this ILogger log, Guid lineId, string reason);

    [LoggerMessage(3122, LogLevel.Warning, "A call-back of lead {LeadId} cannot be kept: its campaign is {State}")]
    public static partial void CallBackTooLate(this ILogger log, Guid leadId, string state);

    [LoggerMessage(3123, LogLevel.Warning, "Nobody is called back for the missed call {MissedCallId}: {Reason}")]
    public static partial void MissedCallRefused(this ILogger log, Guid missedCallId, string reason);

    [LoggerMessage(3124, LogLevel.Warning, "The provider's records of the missed call {MissedCallId} could not be read and are asked for again later: {Reason}")]
    public static partial void MissedCallNotRead(this ILogger log, Guid missedCallId, string reason);
}
