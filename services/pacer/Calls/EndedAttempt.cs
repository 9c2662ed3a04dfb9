using Outdial.Contracts;

namespace Outdial.Pacer.Calls;

/// <summary>What the world is told of an attempt that has ended.</summary>
internal static class EndedAttempt
{
    public static AttemptEnded Of(Attempt call, Ending ending) => new()
    {
        EventId = Guid.CreateVersion7(),
        AttemptId = call.CorrelationId,
        CampaignId = call.CampaignId,
        LeadId = call.LeadId,
        Account = call.Account,
        // The line's id says nothing of one lead: records of the line are not this call's.
        ProviderCallId = CampaignModes.IsAgentFirst(call.Mode) ? null : call.ProviderCallId,
        AttemptNumber = call.AttemptNumber,
        CallerId = call.CallerId,
        Circle = call.Circle,
        CallerIdCircle = call.CallerIdCircle,
        Outcome = ending.Outcome,
        Dialed = ending.Dialed,
        StartedAt = call.RequestedAt,
        AnsweredAt = call.AnsweredAt,
        AnsweredBy = call.AnsweredBy,
        QueuedAt = call.QueuedAt,
        ConnectedAt = call.ConnectedAt,
        AgentId = call.AgentId,
        Mode = call.Mode,
        Dropped = call.Dropped,
        OccurredAt = ending.At,
        TalkTime = call.TalkTime,
        HasRecording = call.RecordingUrl is not null,
        TimeZone = call.TimeZone,
        Source = ending.Source,
        Revision = call.Version,
    };
}
