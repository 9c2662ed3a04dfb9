using Microsoft.EntityFrameworkCore;
using Outdial.Enrichment.Details;
using Outdial.Enrichment.Numbers;
using Outdial.Platform;

namespace Outdial.Enrichment.Data;

internal sealed class EnrichmentDbContext(DbContextOptions<EnrichmentDbContext> options) : DbContext(options)
{
    public DbSet<NumberRecord> Numbers => Set<NumberRecord>();
    public DbSet<NumberLookup> NumberLookups => Set<NumberLookup>();
    public DbSet<DetailRequest> DetailRequests => Set<DetailRequest>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(EnrichmentDbContext).Assembly);
        modelBuilder.AddOutboxTables();
    }
}
