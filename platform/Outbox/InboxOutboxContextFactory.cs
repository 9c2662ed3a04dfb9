using System.Diagnostics;
using MassTransit;
using MassTransit.Metadata;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Outdial.Platform.Outbox;

/// <summary>
/// Wraps one handling of one message in one transaction: the inbox row that makes a second delivery a no-op, whatever
/// the handler changes through the scoped context, and the messages it publishes, commit together or not at all.
/// </summary>
internal sealed class InboxOutboxContextFactory<TDb>(TDb db, OutboxWriter<TDb> outbox, IServiceProvider services) : IOutboxContextFactory<TDb>
    where TDb : DbContext
{
    private const string InsertSql =
        "insert into inbox_messages (message_id, consumer_id, consumed_at) values ($1, $2, $3) on conflict do nothing";

    public async Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        var cancel = context.CancellationToken;
        var messageId = context.GetOriginalMessageId() ?? throw new MessageException(typeof(T), "A message without id cannot be told from its copy.");
        var started = Stopwatch.GetTimestamp();

        // A failed save ends this transaction anyway; a savepoint around each would cost two round trips for nothing.
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        var isFirst = await IsFirstDelivery(messageId, options.ConsumerId, cancel);
        await next.Send(new InboxOutboxConsumeContext<T>(context, options, services, outbox, messageId, isFirst));
        if (!isFirst)
            return;

        try
        {
            // A saga has saved itself already, and so have most handlers.
            if (db.ChangeTracker.HasChanges())
                await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception e)
        {
            await context.NotifyFaulted(Stopwatch.GetElapsedTime(started), TypeMetadataCache<T>.ShortName, e);
            throw;
        }
    }

    // A second copy that arrives while the first is still being handled waits here for the first one's commit.
    private async Task<bool> IsFirstDelivery(Guid messageId, Guid consumerId, CancellationToken cancel)
    {
        // Real time: how long copies of a message may linger has nothing to do with an accelerated clock.
        await using var insert = new NpgsqlCommand(InsertSql, (NpgsqlConnection)db.Database.GetDbConnection())
        {
            Parameters = { new() { Value = messageId }, new() { Value = consumerId }, new() { Value = TimeProvider.System.GetUtcNow() } },
        };
        return await insert.ExecuteNonQueryAsync(cancel) == 1;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxContextFactory").Add("provider", "postgresql");
}
