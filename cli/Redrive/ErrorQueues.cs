using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Outdial.Cli.Redrive;

/// <summary>The error queues of one virtual host.</summary>
public sealed class ErrorQueues : IAsyncDisposable
{
    private static readonly string[] s_faultHeaders = ["MT-Fault-", "MT-Host-", "MT-Reason", "x-death", "x-first-death-", "x-last-death-", "x-delivery-count"];
    private readonly IConnection _connection;

    private ErrorQueues(IConnection connection) => _connection = connection;

    /// <summary>Where a queue's failed messages are.</summary>
    public static string NameOf(string queue) => queue + "_error";

    /// <exception cref="BrokerUnreachableException">The broker does not answer or refuses the login.</exception>
    public static async Task<ErrorQueues> ConnectAsync(string address, CancellationToken cancel) => new(await new ConnectionFactory
    {
        Uri = new Uri(address),
        ClientProvidedName = "outdial redrive",
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync(cancel));

    /// <summary>How many messages of the queue have failed; null when it has no error queue.</summary>
    public async Task<long?> CountAsync(string queue, CancellationToken cancel)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancel);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(NameOf(queue), cancel)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    /// <summary>The oldest messages; they stay where they are.</summary>
    public async Task<IReadOnlyList<FailedMessage>> LookAsync(string queue, int limit, CancellationToken cancel)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancel);
        var found = new List<FailedMessage>();
        ulong last = 0;
        while (found.Count < limit && await channel.BasicGetAsync(NameOf(queue), autoAck: false, cancel) is { } message)
        {
            found.Add(FailedMessage.Of(message.BasicProperties, message.Body));
            last = message.DeliveryTag;
        }
        if (last > 0)
            await channel.BasicNackAsync(last, multiple: true, requeue: true, CancellationToken.None);
        await UntilBack(channel, queue, found.Count, cancel);
        await channel.CloseAsync(cancel);
        return found;
    }

    // The queue takes them back in its own time; whoever asked it at once would find it empty.
    private static async Task UntilBack(IChannel channel, string queue, int count, CancellationToken cancel)
    {
        for (var look = 0; look < 100 && (await channel.QueueDeclarePassiveAsync(NameOf(queue), cancel)).MessageCount < count; look++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
    }

    /// <summary>
    /// Sends the oldest messages back to their queue, past the exchanges: only the reader that failed gets them again, under
    /// their own ids. Each leaves the error queue when the broker has confirmed it in the other. What fails again meanwhile
    /// waits for the next time.
    /// </summary>
    /// <returns>How many were sent, and why the next one could not be; null when none is left.</returns>
    public async Task<(int Sent, string? Failure)> RedriveAsync(string queue, int limit, CancellationToken cancel)
    {
        var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await _connection.CreateChannelAsync(options, cancel);
        var count = Math.Min(limit, (long)(await channel.QueueDeclarePassiveAsync(NameOf(queue), cancel)).MessageCount);
        for (var sent = 0; sent < count; sent++)
        {
            if (await channel.BasicGetAsync(NameOf(queue), autoAck: false, cancel) is not { } message)
                return (sent, null);   // somebody else redrives too
            try
            {
                await channel.BasicPublishAsync("", queue, mandatory: true, WithoutFault(message.BasicProperties), message.Body, cancel);
            }
            catch (PublishException e)
            {
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, CancellationToken.None);
                return (sent, e.IsReturn ? $"there is no queue {queue}" : "the broker did not take it");
            }
            // Not cancelled: what is in the queue must not stay here as well.
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, CancellationToken.None);
        }
        await channel.CloseAsync(cancel);
        return ((int)count, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.CloseAsync(CancellationToken.None);
        await _connection.DisposeAsync();
    }

    private static BasicProperties WithoutFault(IReadOnlyBasicProperties failed) => new(failed)
    {
        Persistent = true,
        Headers = failed.Headers?.Where(header => !s_faultHeaders.Any(prefix => header.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .ToDictionary(header => header.Key, header => header.Value),
    };
}
