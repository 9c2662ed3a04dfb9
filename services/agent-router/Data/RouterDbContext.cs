using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Campaigns;
using Outdial.AgentRouter.Dispositions;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Streams;
using Outdial.AgentRouter.Suppressions;
using Outdial.Platform;

namespace Outdial.AgentRouter.Data;

/// <summary>The router's database. The schema is in <c>Data/Migrations</c>; a test holds the two together.</summary>
public sealed class RouterDbContext(DbContextOptions<RouterDbContext> options) : DbContext(options)
{
    public DbSet<CampaignRow> Campaigns => Set<CampaignRow>();
    public DbSet<Agent> Agents => Set<Agent>();
    public DbSet<LastAgent> LastAgents => Set<LastAgent>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<HopperLead> Hopper => Set<HopperLead>();
    public DbSet<SuppressionRow> Suppressions => Set<SuppressionRow>();
    public DbSet<AgentEvent> AgentEvents => Set<AgentEvent>();
    public DbSet<DispositionRow> Dispositions => Set<DispositionRow>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(RouterDbContext).Assembly);
        modelBuilder.AddOutboxTables();
    }
}
