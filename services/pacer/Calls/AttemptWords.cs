using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.Pacer.Calls;

/// <summary>What the pacer itself tells an attempt's saga: what came of asking for the call, or that nobody asked.</summary>
internal static class AttemptWords
{
    /// <param name="at">By the provider's clock, or ours.</param>
    public static CallOriginated Originated(this Attempt call, string providerCallId, DateTimeOffset at, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        AttemptId = call.CorrelationId,
        CampaignId = call.CampaignId,
        Account = call.Account,
        ProviderCallId = providerCallId,
        OccurredAt = at,
        ReceivedAt = now,
    };

    public static CallRefused Refused(this Attempt call, OriginateResult.Refused refused, DateTimeOffset now) =>
        call.Canceled(refused.Reason, now) with
        {
            Outcome = refused.Outcome,
            StatusCode = refused.StatusCode,
            RetryAfter = refused.RetryAfter,
            LeadKeepsTry = refused.LeadKeepsTry,
        };

    /// <summary>It was never asked for, and nobody can ask any more.</summary>
    public static CallRefused Canceled(this Attempt call, string why, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        AttemptId = call.CorrelationId,
        CampaignId = call.CampaignId,
        Account = call.Account,
        OccurredAt = now,
        ReceivedAt = now,
        Outcome = Outcomes.Canceled,
        Reason = why,
        LeadKeepsTry = true,
    };

    public static CallUncertain Uncertain(this Attempt call, string reason, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        AttemptId = call.CorrelationId,
        CampaignId = call.CampaignId,
        Account = call.Account,
        OccurredAt = now,
        ReceivedAt = now,
        Reason = reason,
    };

    public static CallNotFound NotFound(this Attempt call, string reason, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        AttemptId = call.CorrelationId,
        CampaignId = call.CampaignId,
        Account = call.Account,
        OccurredAt = now,
        ReceivedAt = now,
        Reason = reason,
    };
}
