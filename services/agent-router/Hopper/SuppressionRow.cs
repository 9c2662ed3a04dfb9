using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.AgentRouter.Hopper;

/// <summary>A person who must not be called, as the pacer told.</summary>
internal sealed class SuppressionRow
{
    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary><c>all</c>, or one purpose.</summary>
    public required string Scope { get; init; }

    public bool Lifted { get; set; }
    public DateTimeOffset At { get; set; }
}

internal sealed class SuppressionMapping : IEntityTypeConfiguration<SuppressionRow>
{
    public void Configure(EntityTypeBuilder<SuppressionRow> builder) => builder.ToTable("suppressions").HasKey(s => new { s.Number, s.Scope });
}
