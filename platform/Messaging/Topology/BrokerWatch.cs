using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outdial.Platform.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Outdial.Platform.Messaging.Topology;

/// <summary>
/// Keeps one connection of its own to the broker: on every new one it declares the topology and opens the gate for the
/// outbox, and while it lasts it counts the error queues of this process.
/// </summary>
internal sealed class BrokerWatch(
    BrokerAddress broker, TopologyGate gate, OwnQueues own, ErrorQueueDepths depths, IOptions<MessagingOptions> options, ILogger<BrokerWatch> log)
    : BackgroundService, IEndsLate
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1), s_count = TimeSpan.FromSeconds(15);
    private const int RepeatEvery = 15;

    /// <summary>Why the topology is not declared, in words; null when it is.</summary>
    public string? WaitsFor { get; private set; } = "not asked yet";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                using var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Watch(lost, () => attempt = 1);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                var reason = ReasonOf(e);
                if (reason != WaitsFor || attempt % RepeatEvery == 1)
                    log.WaitingForBroker(attempt, reason);
                WaitsFor = reason;
            }
            gate.Close();
            await Task.Delay(s_pause, TimeProvider.System, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task Watch(CancellationTokenSource lost, Action declared)
    {
        await using var connection = await TopologyDeclaration.OpenAsync(broker.Address, "outdial topology", lost.Token);
        connection.ConnectionShutdownAsync += (_, _) => lost.CancelAsync();
        if (options.Value.AwaitTopology)
            await TopologyDeclaration.CheckAsync(connection, BusTopology.Embedded, lost.Token);
        else if (options.Value.DeclareTopology)
            await TopologyDeclaration.DeclareAsync(connection, BusTopology.Embedded, options.Value.QuorumQueues, lost.Token);
        WaitsFor = null;
        declared();
        gate.Open();
        log.TopologyDeclared();

        using var timer = new PeriodicTimer(s_count, TimeProvider.System);
        do
            await Count(connection, lost.Token);
        while (connection.IsOpen && await timer.WaitForNextTickAsync(lost.Token));
    }

    private async Task Count(IConnection connection, CancellationToken cancel)
    {
        foreach (var queue in own.Names)
        {
            // A queue that is not there takes its channel with it; so does nothing else here, hence one for each.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
            try
            {
                depths.Set(queue, (await channel.QueueDeclarePassiveAsync(BusTopology.ErrorQueue(queue), cancel)).MessageCount);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                depths.Set(queue, 0);   // made at the first failure, where the topology is not declared
            }
        }
    }

    // The outer message only says that no end point was reachable.
    internal static string ReasonOf(Exception error) => error switch
    {
        OperationCanceledException => "the connection was lost",
        BrokerUnreachableException { InnerException: { } inner } => ReasonOf(inner),
        AggregateException { InnerException: { } inner } => ReasonOf(inner),
        OperationInterruptedException { ShutdownReason: { } shutdown } => shutdown.ReplyText,
        _ => error.Message,
    };
}

/// <summary>The broker's address with its password: never logged.</summary>
internal sealed record BrokerAddress(string Address);
