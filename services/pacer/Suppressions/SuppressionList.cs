using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Suppressions;

/// <summary>A person who is not to be called.</summary>
public sealed class Suppression
{
    public Guid Id { get; init; }

    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    /// <summary><c>all</c>, or one purpose.</summary>
    public required string Scope { get; init; }

    public required string Reason { get; init; }

    /// <summary><c>api</c> or <c>digits</c>.</summary>
    public required string Source { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
}

internal sealed class SuppressionMapping : IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<Suppression> builder) => builder.ToTable("suppressions").HasKey(s => s.Id);
}

/// <summary>Adds people to the list. Leads that wait are taken off at their last look, not here: that look is the law.</summary>
public sealed class SuppressionList(PacerDbContext db, TimeProvider clock)
{
    public const string Everything = "all";

    /// <returns>False when the person was on the list already.</returns>
    public async Task<bool> Add(string number, string scope, string reason, string source, string by, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into suppressions (id, number, scope, reason, source, created_at, created_by)
            values ({Guid.CreateVersion7()}, {number}, {scope}, {reason}, {source}, {clock.GetUtcNow()}, {by}) on conflict (number, scope) do nothing
            """, cancel) == 1;
}
