using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Pacer.CallerIds;

/// <summary>A number of ours that leads see.</summary>
internal sealed class CallerId
{
    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    public required string Account { get; set; }

    /// <summary>The telecom circle that it is local to; null: none.</summary>
    public string? Circle { get; set; }

    /// <summary>Shown to leads of circles that have no number of their own.</summary>
    public bool IsDefault { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>The purposes that its number series allows.</summary>
    [OneOf(typeof(Purposes))]
    public required string[] Purposes { get; set; }

    public int? MaxPerDay { get; set; }
    public int? MaxConcurrent { get; set; }
    public string? Note { get; set; }
}

internal sealed class CallerIdMapping : IEntityTypeConfiguration<CallerId>
{
    public void Configure(EntityTypeBuilder<CallerId> builder) => builder.ToTable("caller_ids").HasKey(c => c.Number);
}
