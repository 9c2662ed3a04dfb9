using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Analytics.Agents;

/// <summary>A state that an agent's session passed through. It lasted until the session's next known row, or lasts still.</summary>
internal sealed record AgentStretch
{
    public Guid SessionId { get; init; }
    public long Sequence { get; init; }
    public Guid AgentId { get; init; }
    public required string AgentName { get; init; }

    /// <summary>One of the contracts' agent states, or a newer router's word.</summary>
    public required string State { get; init; }

    public string? Reason { get; init; }
    public required string Reach { get; init; }
    public Guid? CampaignId { get; init; }
    public required Guid[] Campaigns { get; init; }

    /// <summary>What the agent could do, as campaigns ask for it; null: not told.</summary>
    public string[]? Skills { get; init; }

    public Guid? AttemptId { get; init; }
    public DateTimeOffset FromAt { get; init; }
}

/// <summary>When a session was there at all.</summary>
internal sealed record AgentSession
{
    public Guid SessionId { get; init; }
    public Guid AgentId { get; init; }
    public DateTimeOffset FirstAt { get; init; }

    /// <summary>Null while the agent is signed in.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

internal sealed class AgentMapping : IEntityTypeConfiguration<AgentStretch>, IEntityTypeConfiguration<AgentSession>
{
    public void Configure(EntityTypeBuilder<AgentStretch> builder)
    {
        builder.ToTable("agent_stretches");
        builder.HasKey(stretch => new { stretch.SessionId, stretch.Sequence });
    }

    public void Configure(EntityTypeBuilder<AgentSession> builder)
    {
        builder.ToTable("agent_sessions");
        builder.HasKey(session => session.SessionId);
    }
}
