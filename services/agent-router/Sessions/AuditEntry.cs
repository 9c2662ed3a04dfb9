using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.AgentRouter.Sessions;

/// <summary>Who did what to whom, for those who answer for it.</summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Name of the API key.</summary>
    public required string Who { get; init; }

    public required string Action { get; init; }
    public Guid? AgentId { get; init; }
    public Guid? SessionId { get; init; }
    public string? FromState { get; init; }
    public string? Reason { get; init; }
}

internal sealed class AuditMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit").HasKey(a => a.Id);
        builder.Property(a => a.Id).UseIdentityAlwaysColumn();
    }
}
