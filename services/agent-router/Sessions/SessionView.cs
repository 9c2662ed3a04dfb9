namespace Outdial.AgentRouter.Sessions;

/// <summary>A session as people and screens see it.</summary>
/// <param name="Sequence">Rises with each change of state.</param>
/// <param name="Deadline">Nobody stays in this state past it.</param>
/// <param name="WantsPause">The reason of a break that begins after the call.</param>
/// <param name="Misses">How often in a row the agent's phone was rung and not picked up.</param>
internal sealed record SessionView(
    Guid Id, Guid AgentId, string AgentName, string State, string? Reason, DateTimeOffset Since, DateTimeOffset? Deadline, long Sequence,
    string Reach,
    string Account, IReadOnlyList<Guid> Campaigns, Guid? AttemptId, Guid? CampaignId, bool LineOpen, bool WantsSignOut, string? WantsPause,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Misses)
{
    public static SessionView Of(Session s) => new(
        s.Id, s.AgentId, s.AgentName, s.State, s.Reason, s.StateSince, s.DeadlineAt, s.Sequence, s.Reach, s.Account, s.Campaigns, s.AttemptId,
        s.CampaignId, s.LineCallId is not null, s.WantsSignOut, s.WantsPause, s.StartedAt, s.EndedAt, s.Misses);
}
