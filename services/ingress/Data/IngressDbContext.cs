using Microsoft.EntityFrameworkCore;
using Outdial.Ingress.Api;
using Outdial.Ingress.Matching;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;

namespace Outdial.Ingress.Data;

internal sealed class IngressDbContext(DbContextOptions<IngressDbContext> options) : DbContext(options)
{
    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<KnownCall> KnownCalls => Set<KnownCall>();

    public DbSet<WebhookReplay> WebhookReplays => Set<WebhookReplay>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(IngressDbContext).Assembly);
        modelBuilder.AddOutboxTables();
    }
}
