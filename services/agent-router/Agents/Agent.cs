using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.AgentRouter.Agents;

/// <summary>A person who talks.</summary>
internal sealed class Agent
{
    public Guid Id { get; init; }
    public required string Name { get; set; }

    /// <summary>E.164. Personal data.</summary>
    public required string Phone { get; set; }

    public required List<string> Skills { get; set; }
    public required List<Guid> Campaigns { get; set; }

    /// <summary>The provider account over which this agent is called.</summary>
    public required string Account { get; set; }

    /// <summary>Number of the newest event of this agent's stream; only ever raised by the statement that writes the event.</summary>
    public long Events { get; private set; }

    public DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? RemovedAt { get; set; }
}

internal sealed class AgentMapping : IEntityTypeConfiguration<Agent>
{
    public void Configure(EntityTypeBuilder<Agent> builder)
    {
        builder.ToTable("agents").HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
    }
}
