using Microsoft.EntityFrameworkCore;
using Outdial.Analytics.Agents;
using Outdial.Analytics.Campaigns;
using Outdial.Analytics.Facts;
using Outdial.Analytics.Inbound;
using Outdial.Platform;

namespace Outdial.Analytics.Data;

internal sealed class AnalyticsDbContext(DbContextOptions<AnalyticsDbContext> options) : DbContext(options)
{
    public DbSet<CallFact> CallFacts => Set<CallFact>();
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<CampaignEvent> CampaignEvents => Set<CampaignEvent>();
    public DbSet<AgentStretch> AgentStretches => Set<AgentStretch>();
    public DbSet<AgentSession> AgentSessions => Set<AgentSession>();
    public DbSet<InboundCall> InboundCalls => Set<InboundCall>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AnalyticsDbContext).Assembly);
        modelBuilder.AddOutboxTables();
    }
}
