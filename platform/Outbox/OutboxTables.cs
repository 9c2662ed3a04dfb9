using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Platform.Outbox;

namespace Outdial.Platform;

public static class OutboxTables
{
    /// <summary>
    /// Maps what the platform stores in every service's database: the outbox, the inbox, and the version of every saga
    /// (<see cref="ISagaVersion"/>) as its concurrency token. Call it after the service's own entities are mapped.
    /// </summary>
    public static ModelBuilder AddOutboxTables(this ModelBuilder model)
    {
        var outbox = model.Entity<OutboxMessage>();
        outbox.ToTable("outbox_messages").HasKey(m => m.Sequence);
        outbox.Property(m => m.Sequence).UseIdentityAlwaysColumn();

        var inbox = model.Entity<InboxMessage>();
        inbox.ToTable("inbox_messages").HasKey(m => new { m.MessageId, m.ConsumerId });

        foreach (var entity in model.Model.GetEntityTypes())
            if (typeof(ISagaVersion).IsAssignableFrom(entity.ClrType))
                entity.FindProperty(nameof(ISagaVersion.Version))!.IsConcurrencyToken = true;
        return model;
    }
}
