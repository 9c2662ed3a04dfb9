using Microsoft.EntityFrameworkCore;
using Outdial.Gateway.Keys;

namespace Outdial.Gateway.Data;

/// <summary>The gateway's database: keys and their audit. The schema is in <c>Data/Migrations</c>; a test holds the two together.</summary>
public sealed class GatewayDbContext(DbContextOptions<GatewayDbContext> options) : DbContext(options)
{
    public DbSet<KeyRow> Keys => Set<KeyRow>();
    public DbSet<SecretRow> Secrets => Set<SecretRow>();
    public DbSet<KeyAuditEntry> Audit => Set<KeyAuditEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(GatewayDbContext).Assembly);
}
