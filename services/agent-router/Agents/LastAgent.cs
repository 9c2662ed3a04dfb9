using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.AgentRouter.Agents;

/// <summary>Who dialed a person last.</summary>
internal sealed class LastAgent
{
    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    public Guid AgentId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid AttemptId { get; init; }
    public Guid LeadId { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed class LastAgentMapping : IEntityTypeConfiguration<LastAgent>
{
    public void Configure(EntityTypeBuilder<LastAgent> builder) => builder.ToTable("last_agents").HasKey(l => l.Number);
}
