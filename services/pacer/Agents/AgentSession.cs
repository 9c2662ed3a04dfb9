using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Pacer.Agents;

/// <summary>The pacer's copy of an agent's session, as the router tells it.</summary>
internal sealed class AgentSession
{
    public Guid SessionId { get; init; }
    public Guid AgentId { get; init; }
    public string? AgentName { get; init; }

    /// <summary>Of two words about a session the one with the higher number is newer.</summary>
    public long Sequence { get; init; }

    /// <summary>One of <see cref="Contracts.AgentStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>One of <see cref="Contracts.AgentReach"/>.</summary>
    public required string Reach { get; init; }

    public required Guid[] Campaigns { get; init; }

    /// <summary>Null: the router did not tell.</summary>
    public string[]? Skills { get; init; }

    /// <summary>When the router last spoke of it, by the router's clock.</summary>
    public DateTimeOffset SeenAt { get; init; }
}

internal sealed class AgentSessionMapping : IEntityTypeConfiguration<AgentSession>
{
    public void Configure(EntityTypeBuilder<AgentSession> builder)
    {
        builder.ToTable("agent_sessions").HasKey(s => s.SessionId);
        builder.Property(s => s.SessionId).ValueGeneratedNever();
    }
}
