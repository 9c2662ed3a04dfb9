using Microsoft.EntityFrameworkCore;
using Outdial.Gateway.Acts;
using Outdial.Gateway.Keys;

namespace Outdial.Gateway.Data;

/// <summary>
/// The gateway's database: keys, their audit, and who changed what. The schema is in <c>Data/Migrations</c>; a test holds the two together.
/// </summary>
public sealed class GatewayDbContext(DbContextOptions<GatewayDbContext> options) : DbContext(options)
{
    public DbSet<KeyRow> Keys => Set<KeyRow>();
    public DbSet<SecretRow> Secrets => Set<SecretRow>();
    public DbSet<ActRow> Acts => Set<ActRow>();
    public DbSet<KeyAuditEntry> Audit => Set<KeyAuditEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(GatewayDbContext).Assembly);
}
