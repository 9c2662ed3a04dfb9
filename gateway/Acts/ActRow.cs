using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Gateway.Acts;

/// <summary>One request by which somebody changed something, or tried to.</summary>
public sealed class ActRow
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Name of the key.</summary>
    public required string Who { get; init; }

    /// <summary>The address it came from.</summary>
    public string? Client { get; init; }

    public required string Method { get; init; }

    /// <summary>What was addressed; telephone numbers in it are masked.</summary>
    public required string Path { get; init; }

    /// <summary>What was answered: 2xx was done, the others were not.</summary>
    public int Status { get; init; }

    /// <summary>Under which the logs of all services tell more.</summary>
    public string? CorrelationId { get; init; }
}

internal sealed class ActMapping : IEntityTypeConfiguration<ActRow>
{
    public void Configure(EntityTypeBuilder<ActRow> builder)
    {
        builder.ToTable("acts").HasKey(act => act.Id);
        builder.Property(act => act.Id).UseIdentityAlwaysColumn();
    }
}
