using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.AgentRouter.Sessions;

/// <summary>What an agent said came of a conversation; a later word replaces the earlier one.</summary>
internal sealed class DispositionRow
{
    public Guid AttemptId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid LeadId { get; init; }
    public Guid AgentId { get; set; }
    public string? Code { get; set; }
    public string? Note { get; set; }
    public DateTimeOffset? CallBackAt { get; set; }

    /// <summary>The call-back is the agent's own.</summary>
    public bool Personal { get; set; }

    public DateTimeOffset At { get; set; }
}

internal sealed class DispositionMapping : IEntityTypeConfiguration<DispositionRow>
{
    public void Configure(EntityTypeBuilder<DispositionRow> builder)
    {
        builder.ToTable("dispositions").HasKey(d => d.AttemptId);
        builder.Property(d => d.AttemptId).ValueGeneratedNever();
    }
}
