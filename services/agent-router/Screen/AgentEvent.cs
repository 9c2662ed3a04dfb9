using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.AgentRouter.Screen;

/// <summary>One thing an agent's screen is told.</summary>
internal sealed class AgentEvent
{
    public Guid AgentId { get; init; }

    /// <summary>1, 2, 3 … per agent, in the order of the commits.</summary>
    public long Sequence { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="AgentEventKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>JSON.</summary>
    public required string Body { get; init; }
}

/// <summary>The kinds of events on an agent's stream.</summary>
internal static class AgentEventKinds
{
    /// <summary>All there is to know right now; the first event of a stream.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>The session passed into another state.</summary>
    public const string State = "state";

    /// <summary>A lead comes to hand: everything that is known of the person.</summary>
    public const string Lead = "lead";

    /// <summary>The lead's call went on: dialing, ringing, answered, over.</summary>
    public const string Call = "call";

    public const string Disposition = "disposition";

    /// <summary>Something the agent should know, in words.</summary>
    public const string Notice = "notice";
}

internal sealed class AgentEventMapping : IEntityTypeConfiguration<AgentEvent>
{
    public void Configure(EntityTypeBuilder<AgentEvent> builder)
    {
        builder.ToTable("agent_events").HasKey(e => new { e.AgentId, e.Sequence });
        builder.Property(e => e.Body).HasColumnType("jsonb");
    }
}
