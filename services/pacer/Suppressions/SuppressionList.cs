using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Suppressions;

/// <summary>A person who is not to be called.</summary>
internal sealed class Suppression
{
    public Guid Id { get; init; }

    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    /// <summary><c>all</c>, or one purpose.</summary>
    public required string Scope { get; init; }

    public required string Reason { get; init; }

    /// <summary><c>api</c>, <c>list</c> or <c>digits</c>.</summary>
    public required string Source { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
}

internal sealed class SuppressionMapping : IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<Suppression> builder) => builder.ToTable("suppressions").HasKey(s => s.Id);
}

/// <summary>
/// Adds people to the list and takes them off, and tells it: others keep copies. Leads that wait are taken off at their last look, not
/// here: that look is the law.
/// </summary>
internal sealed class SuppressionList(PacerDbContext db, IOutbox<PacerDbContext> outbox, TimeProvider clock)
{
    public const string Everything = "all";

    /// <summary>In the caller's transaction where there is one, which then also commits the message; else in one of its own.</summary>
    /// <returns>False when the person was on the list already.</returns>
    public async Task<bool> Add(string number, string scope, string reason, string source, string by, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var own = await Begin(cancel);
        var added = await db.Database.ExecuteSqlAsync(
            $"""
            insert into suppressions (id, number, scope, reason, source, created_at, created_by)
            values ({Guid.CreateVersion7()}, {number}, {scope}, {reason}, {source}, {now}, {by}) on conflict (number, scope) do nothing
            """, cancel) == 1;
        if (added)
            await Tell(number, scope, false, now, cancel);
        await Commit(own, cancel);
        return added;
    }

    /// <summary>As <see cref="Add"/>, many at once, in a transaction of its own.</summary>
    /// <returns>The entries of those that were not on the list; each once, however often it was named.</returns>
    public async Task<List<Suppression>> AddAll(
        IReadOnlyList<(string Number, string Scope, string Reason)> people, string source, string by, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        Guid[] ids = [.. people.Select(_ => Guid.CreateVersion7(now)).Order()];
        string[] numbers = [.. people.Select(person => person.Number)], scopes = [.. people.Select(person => person.Scope)],
            reasons = [.. people.Select(person => person.Reason)];
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // In the order of the numbers, so that two who add the same wait for each other and never in a circle.
        var added = await db.Suppressions.FromSql(
            $"""
            insert into suppressions (id, number, scope, reason, source, created_at, created_by)
            select id, number, scope, reason, {source}, {now}, {by} from unnest({ids}, {numbers}, {scopes}, {reasons}) as s(id, number, scope, reason)
            order by number, scope, id on conflict (number, scope) do nothing returning *
            """).AsNoTracking().ToListAsync(cancel);
        foreach (var entry in added)
            await Tell(entry.Number, entry.Scope, false, now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        db.ChangeTracker.Clear();   // a long list would leave every message of it in memory
        return added;
    }

    /// <returns>False when there is no such entry.</returns>
    public async Task<bool> Lift(Guid id, CancellationToken cancel)
    {
        await using var own = await Begin(cancel);
        var lifted = await db.Database.SqlQuery<Entry>($"delete from suppressions where id = {id} returning number, scope").ToListAsync(cancel);
        foreach (var entry in lifted)
            await Tell(entry.Number, entry.Scope, true, clock.GetUtcNow(), cancel);
        await Commit(own, cancel);
        return lifted.Count == 1;
    }

    private async Task<IDbContextTransaction?> Begin(CancellationToken cancel) =>
        db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;

    private async Task Commit(IDbContextTransaction? own, CancellationToken cancel)
    {
        if (own is null)
            return;
        await db.SaveChangesAsync(cancel);
        await own.CommitAsync(cancel);
    }

    private Task Tell(string number, string scope, bool lifted, DateTimeOffset now, CancellationToken cancel) => outbox.Publish(
        new NumberSuppressed { EventId = Guid.CreateVersion7(now), Number = number, Scope = scope, Lifted = lifted, OccurredAt = now }, cancel);

    private sealed record Entry(string Number, string Scope);
}
