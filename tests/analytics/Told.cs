using Outdial.Contracts;

namespace Outdial.Analytics.Tests;

/// <summary>Events as the other services tell them.</summary>
internal static class Told
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

    public static AttemptStarted Started(Guid campaign, Guid attempt, DateTimeOffset? at = null) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = attempt,
        CampaignId = campaign,
        LeadId = attempt,
        Account = "default",
        AttemptNumber = 1,
        CallerId = "+918040000001",
        Circle = "KA",
        CallerIdCircle = "KA",
        OccurredAt = at ?? Noon,
    };

    public static AttemptEnded Ended(Guid campaign, Guid attempt, string outcome = Outcomes.Completed, DateTimeOffset? at = null) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = attempt,
        CampaignId = campaign,
        LeadId = attempt,
        Account = "default",
        ProviderCallId = $"call-{attempt:N}",
        AttemptNumber = 1,
        CallerId = "+918040000001",
        Circle = "KA",
        CallerIdCircle = "KA",
        Outcome = outcome,
        Dialed = true,
        StartedAt = at ?? Noon,
        OccurredAt = (at ?? Noon).AddSeconds(40),
        TimeZone = "Asia/Kolkata",
        Source = "webhook",
    };

    public static CallDetailed Detailed(Guid campaign, Guid attempt, DateTimeOffset at, TimeSpan? talk = null, decimal? price = null) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = attempt,
        CampaignId = campaign,
        Account = "default",
        ProviderCallId = $"call-{attempt:N}",
        OccurredAt = at,
        ReceivedAt = at,
        Duration = talk,
        TalkTime = talk,
        Price = price,
    };

    public static CampaignStarted Campaign(Guid campaign, double? floor = null, int window = 20, string name = "Renewals") => new()
    {
        EventId = Guid.NewGuid(),
        CampaignId = campaign,
        Name = name,
        OccurredAt = Noon,
        CompletionFloor = floor,
        CompletionWindow = window,
    };

    public static AgentStateChanged Agent(Guid session, long sequence, string state, DateTimeOffset at) => new()
    {
        EventId = Guid.NewGuid(),
        SessionId = session,
        AgentId = session,
        AgentName = "Asha",
        Sequence = sequence,
        State = state,
        Reach = AgentReach.Line,
        Campaigns = [],
        OccurredAt = at,
    };
}
