using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;

namespace Outdial.Pacer.Numbers;

/// <summary>What enrichment told us of a number.</summary>
internal sealed class NumberRow
{
    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    /// <summary>As in <see cref="NumberEnriched.Status"/>; null: asked, not answered yet.</summary>
    public string? Status { get; init; }

    public string? Circle { get; init; }
    public string? Operator { get; init; }
    public string? Type { get; init; }
    public bool? Dnd { get; init; }
    public DateTimeOffset? AsOf { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RequestedAt { get; init; }
}

internal sealed class NumberMapping : IEntityTypeConfiguration<NumberRow>
{
    public void Configure(EntityTypeBuilder<NumberRow> builder) => builder.ToTable("numbers").HasKey(n => n.Number);
}

/// <summary>
/// Keeps the answer, and has the campaigns that waited for it look at once; an older answer that comes late does not replace a newer one.
/// Without transaction: each statement may be repeated, and none may keep a number locked while it waits for a pulse.
/// </summary>
internal sealed class NumberEnrichedConsumer(PacerDbContext db, CampaignWake wake, TimeProvider clock) : IConsumer<NumberEnriched>
{
    public async Task Consume(ConsumeContext<NumberEnriched> context)
    {
        var told = context.Message;
        await db.Keep(told, context.CancellationToken);
        var now = clock.GetUtcNow();
        await db.SayNumberIsKnown(told.Number, now, context.CancellationToken);
        await wake.NumberKnown(told.Number, now, context.CancellationToken);
    }
}
