using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Calls.Customers;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Trunks;
using Outdial.Platform;

namespace Outdial.AgentRouter.Data;

/// <summary>The router's database. The schema is in <c>Data/Migrations</c>; a test holds the two together.</summary>
internal sealed class RouterDbContext(DbContextOptions<RouterDbContext> options) : DbContext(options)
{
    public DbSet<CampaignRow> Campaigns => Set<CampaignRow>();
    public DbSet<Agent> Agents => Set<Agent>();
    public DbSet<LastAgent> LastAgents => Set<LastAgent>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<HopperLead> Hopper => Set<HopperLead>();
    public DbSet<AgentOffer> Offers => Set<AgentOffer>();
    public DbSet<CustomerCall> CustomerCalls => Set<CustomerCall>();
    public DbSet<InboundCall> InboundCalls => Set<InboundCall>();
    public DbSet<Did> Dids => Set<Did>();
    public DbSet<Trunk> Trunks => Set<Trunk>();
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
