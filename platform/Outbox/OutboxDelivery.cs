using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Logging;
using MassTransit.Middleware;
using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Outdial.Platform.Outbox;

/// <summary>
/// Hands committed messages to the transport, oldest first. Rows are locked while they are in hand and skipped by other
/// replicas; a crash between hand-over and commit repeats them under the same message id, which the inbox absorbs.
/// </summary>
public sealed class OutboxDelivery<TDb>(
    ServiceDatabase<TDb> database, IBus bus, IOptions<MessagingOptions> options, TimeProvider time, ILogger<OutboxDelivery<TDb>> log)
    where TDb : DbContext
{
    private readonly ConcurrentDictionary<string, Func<Task<ISendEndpoint>>> _publishing = new();

    /// <summary>Delivers one batch. Returns how many rows it took: fewer than the batch size means that the table is empty.</summary>
    /// <exception cref="NpgsqlException">The database is away; nothing is lost.</exception>
    public async Task<int> DeliverBatchAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var batch = await OutboxTable.Claim(connection, options.Value.DeliveryBatch, time.GetUtcNow(), cancel);
        if (batch.Count == 0)
            return 0;

        var delivered = await HandOver(batch);

        // Not cancelled by a shutdown: what the broker has confirmed must not be sent again at the next start.
        await OutboxTable.Record(connection,
            [.. batch.Where((_, i) => delivered[i]).Select(m => m.Sequence)],
            [.. batch.Where((_, i) => !delivered[i]).Select(m => m.Sequence)],
            keep: options.Value.IsMemory, time.GetUtcNow(), CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return batch.Count;
    }

    // Handed over in order, confirmed together: one confirmation at a time would cost a round trip per message. Only the
    // first message to a destination goes ahead alone. On a new connection it declares the exchange, and those that wait
    // for the same declaration continue in any order; once it is through, all others reach the channel one after the other.
    private async Task<bool[]> HandOver(List<OutboxMessage> batch)
    {
        var outcomes = new Task<bool>[batch.Count];
        var open = new HashSet<string>();
        var inOrder = true;
        for (var i = 0; i < batch.Count; i++)
        {
            outcomes[i] = Deliver(batch[i]);

            // After a failure there is no order left to keep; waiting on would add up time limits while the broker is away.
            if (inOrder && open.Add(batch[i].DestinationAddress))
                inOrder = await outcomes[i];
        }

        return await Task.WhenAll(outcomes);
    }

    private async Task<bool> Deliver(OutboxMessage message)
    {
        StartedActivity? activity = null;
        try
        {
            message.Deserialize(SystemTextJsonMessageSerializer.Instance);

            // Continues the trace of the handler that wrote the row; the consumer continues this one.
            activity = LogContext.Current?.StartOutboxDeliverActivity(message);
            using var limit = new CancellationTokenSource(options.Value.DeliveryTimeout, TimeProvider.System);
            var endpoint = await EndpointFor(message).WaitAsync(limit.Token);
            var pipe = new OutboxMessageSendPipe(message, new Uri(message.DestinationAddress));
            await endpoint.Send(new SerializedMessageBody(), pipe, limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception e)
        {
            // Whatever it was, the row stays and is tried again later; its neighbours must not wait for it.
            activity?.AddExceptionEvent(e);
            log.DeliveryFailed(e, message.MessageId, message.MessageType, message.Failures + 1);
            return false;
        }
        finally
        {
            activity?.Stop();
        }
    }

    private Task<ISendEndpoint> EndpointFor(OutboxMessage message) =>
        message.PublishType is { } type && PublishEndpointOf(type) is { } publish
            ? publish()
            : bus.GetSendEndpoint(new Uri(message.DestinationAddress));

    // The address alone would do for delivery, but only the typed endpoint declares the exchanges of the message's
    // interfaces: without them a consumer of ICallEvent would never hear of it.
    private Func<Task<ISendEndpoint>>? PublishEndpointOf(string typeName)
    {
        if (_publishing.TryGetValue(typeName, out var known))
            return known;
        if (Type.GetType(typeName) is not { } type)
            return null;

        var method = typeof(IPublishEndpointProvider).GetMethod(nameof(IPublishEndpointProvider.GetPublishSendEndpoint))!.MakeGenericMethod(type);
        return _publishing.GetOrAdd(typeName, method.CreateDelegate<Func<Task<ISendEndpoint>>>(bus));
    }
}
