using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Outdial.Platform.Tests;

/// <summary>A service's database in small: one plain table, and one saga per kind of concurrency.</summary>
public sealed class TestDb(DbContextOptions<TestDb> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<LockedTally> LockedTallies => Set<LockedTally>();
    public DbSet<VersionedTally> VersionedTallies => Set<VersionedTally>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<LockedTally>().HasKey(t => t.CorrelationId);
        modelBuilder.Entity<VersionedTally>().HasKey(t => t.CorrelationId);
        modelBuilder.AddOutboxTables();
    }
}

public sealed class Note
{
    public long Id { get; init; }
    public required string TextValue { get; init; }
}

/// <summary>Counts what it is sent.</summary>
public abstract class Tally : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public int Version { get; set; }
    public int Total { get; set; }
    public string? Name { get; set; }
}

public sealed class LockedTally : Tally;

public sealed class VersionedTally : Tally;
