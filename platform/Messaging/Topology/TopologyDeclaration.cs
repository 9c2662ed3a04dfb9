using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Outdial.Platform.Messaging.Topology;

/// <summary>Brings exchanges, queues and bindings into being. What is there already stays as it is.</summary>
internal static class TopologyDeclaration
{
    /// <summary>Opens a connection that does not come back by itself: who lost it has to look anew.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.BrokerUnreachableException">The broker does not answer or refuses the login.</exception>
    public static Task<IConnection> OpenAsync(string address, string name, CancellationToken cancel) => new ConnectionFactory
    {
        Uri = new Uri(address),
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        ContinuationTimeout = TimeSpan.FromMinutes(2),   // what waits for its answer waits for all that was asked before it
    }.CreateConnectionAsync(cancel);

    /// <summary>
    /// Declares it all, in one breath: some hundred answers that are waited for one by one take long on a loaded broker. Bindings come after the
    /// error queues: nothing flows before there is a place for what fails.
    /// </summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.OperationInterruptedException">
    /// A queue exists with other arguments, or a right is missing.
    /// </exception>
    public static async Task DeclareAsync(IConnection connection, BusTopology topology, bool quorum, CancellationToken cancel)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        foreach (var queue in topology.Queues.Keys)
        {
            var errors = BusTopology.ErrorQueue(queue);
            await Queue(channel, errors, QueueArguments.OfErrors(quorum), cancel);
            await Queue(channel, queue, QueueArguments.Of(queue, quorum), cancel);
        }
        foreach (var (queue, messages) in topology.Queues)
            foreach (var message in messages)
            {
                await Fanout(channel, message, cancel);
                await channel.ExchangeBindAsync(queue, message, "", noWait: true, cancellationToken: cancel);
            }
        // Last, for those who look and may not declare.
        await Fanout(channel, topology.Seal(), cancel);
        // Answered after all that was said before, or not at all: the broker closes the channel at the first thing that it refuses.
        await channel.QueueDeclarePassiveAsync(topology.Queues.Keys.First(), cancel);
        await channel.CloseAsync(cancel);
    }

    /// <summary>Looks whether it was all declared, which needs no right.</summary>
    /// <exception cref="InvalidOperationException">It was not; says what is missing.</exception>
    public static async Task CheckAsync(IConnection connection, BusTopology topology, CancellationToken cancel)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        try
        {
            await channel.ExchangeDeclarePassiveAsync(topology.Seal(), cancel);
            foreach (var queue in topology.Queues.Keys)
            {
                await channel.QueueDeclarePassiveAsync(BusTopology.ErrorQueue(queue), cancel);
                await channel.QueueDeclarePassiveAsync(queue, cancel);
            }
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            throw new InvalidOperationException($"the verb 'migrate' of this version has yet to declare them ({e.ShutdownReason.ReplyText})", e);
        }
        await channel.CloseAsync(cancel);
    }

    private static async Task Queue(IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancel)
    {
        await Fanout(channel, name, cancel);
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, noWait: true, cancellationToken: cancel);
        await channel.QueueBindAsync(name, name, "", noWait: true, cancellationToken: cancel);
    }

    private static Task Fanout(IChannel channel, string name, CancellationToken cancel) =>
        channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, noWait: true, cancellationToken: cancel);
}
