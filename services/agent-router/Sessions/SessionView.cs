using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Sessions;

/// <summary>A session as people and screens see it.</summary>
internal sealed record SessionView
{
    public required Guid Id { get; init; }
    public required Guid AgentId { get; init; }
    public required string AgentName { get; init; }
    [OneOf(typeof(AgentStates))]
    public required string State { get; init; }
    public required string? Reason { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>Nobody stays in this state past it.</summary>
    public required DateTimeOffset? Deadline { get; init; }

    /// <summary>Rises with each change of state.</summary>
    public required long Sequence { get; init; }

    [OneOf(typeof(AgentReach))]
    public required string Reach { get; init; }
    public required string Account { get; init; }
    public required IReadOnlyList<Guid> Campaigns { get; init; }
    public required Guid? AttemptId { get; init; }
    public required Guid? CampaignId { get; init; }
    public required bool LineOpen { get; init; }
    public required bool WantsSignOut { get; init; }

    /// <summary>The reason of a break that begins after the call.</summary>
    public required string? WantsPause { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often in a row the agent's phone was rung and not picked up.</summary>
    public required int Misses { get; init; }

    public static SessionView Of(Session s) => new()
    {
        Id = s.Id,
        AgentId = s.AgentId,
        AgentName = s.AgentName,
        State = s.State,
        Reason = s.Reason,
        Since = s.StateSince,
        Deadline = s.DeadlineAt,
        Sequence = s.Sequence,
        Reach = s.Reach,
        Account = s.Account,
        Campaigns = s.Campaigns,
        AttemptId = s.AttemptId,
        CampaignId = s.CampaignId,
        LineOpen = s.LineCallId is not null,
        WantsSignOut = s.WantsSignOut,
        WantsPause = s.WantsPause,
        StartedAt = s.StartedAt,
        EndedAt = s.EndedAt,
        Misses = s.Misses,
    };
}
