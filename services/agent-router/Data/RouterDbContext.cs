using Microsoft.EntityFrameworkCore;
using Outdial.Platform;

namespace Outdial.AgentRouter.Data;

/// <summary>The router's database. The schema is in <c>Data/Migrations</c>; a test holds the two together.</summary>
public sealed class RouterDbContext(DbContextOptions<RouterDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(RouterDbContext).Assembly);
        modelBuilder.AddOutboxTables();
        modelBuilder.UseSnakeCase();
    }
}
