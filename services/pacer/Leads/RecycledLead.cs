using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Pacer.Leads;

/// <summary>A lead that was put back to be dialed after it had ended.</summary>
internal sealed class RecycledLead
{
    public Guid LeadId { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Tries until then, which the campaign's limit does not count any more.</summary>
    public int TriesBefore { get; init; }
}

internal sealed class RecycledLeadMapping : IEntityTypeConfiguration<RecycledLead>
{
    public void Configure(EntityTypeBuilder<RecycledLead> builder)
    {
        builder.ToTable("recycled_leads").HasKey(r => r.LeadId);
        builder.Property(r => r.LeadId).ValueGeneratedNever();
    }
}
