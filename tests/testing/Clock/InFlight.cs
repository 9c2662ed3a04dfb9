using System.Collections.Concurrent;
using MassTransit;
using MassTransit.InMemoryTransport;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports;
using MassTransit.Transports.Fabric;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Outdial.Platform;

namespace Outdial.Testing;

/// <summary>
/// What a process under test still has to do by itself while its clock stands still: loops that turn or are due, committed messages that are not
/// handed over, messages in queues and in hand. Messages travel in memory.
/// </summary>
public sealed class InFlight : IReceiveEndpointObserver, IReceiveObserver, IMessageSink<InMemoryTransportMessage>, IAsyncDisposable
{
    private readonly Lazy<IInMemoryTransportProvider> _transport;
    private readonly Lazy<IBackgroundWork[]> _loops;
    private readonly NpgsqlDataSource[] _databases;
    private readonly ConcurrentDictionary<string, bool> _counted = new();
    private readonly ConcurrentDictionary<Uri, int> _inHand = new();
    private long _queued, _done;
    private volatile bool _over;

    public InFlight(IServiceProvider services, IEnumerable<string> databases)
    {
        _databases = [.. databases.Select(database => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = 1 }))];
        _transport = new(() => services.GetRequiredService<IBusInstance>().HostConfiguration is IInMemoryHostConfiguration memory
            ? memory.TransportProvider
            : throw new InvalidOperationException("What is in flight can be told of messages in memory only."));
        _loops = new(() => [.. services.GetServices<IHostedService>().OfType<IBackgroundWork>().Distinct()]);
    }

    /// <summary>How much has begun so far: see <see cref="IBackgroundWork.Begun"/>.</summary>
    public long Begun => _over ? 0 : Handed + _loops.Value.Sum(loop => loop.Begun);

    /// <summary>How many messages have come into queues so far.</summary>
    public long Handed => Volatile.Read(ref _queued);

    /// <summary>What is in hand in the background, and how many pieces of it.</summary>
    public IEnumerable<(string Name, int Count)> Background =>
        _over ? [] : _loops.Value.Select(loop => (loop.Name, loop.InHand)).Where(loop => loop.InHand > 0);

    /// <summary>Has those look who only look now and then. False: there are none.</summary>
    public bool Wake()
    {
        var polling = _over ? [] : _loops.Value.OfType<IPollingWork>().ToList();
        polling.ForEach(loop => loop.Wake());
        return polling.Count > 0;
    }

    /// <summary>How many messages are in queues and in hand.</summary>
    public long Messages
    {
        get
        {
            var done = Volatile.Read(ref _done);
            return _over ? 0 : Volatile.Read(ref _queued) - done;
        }
    }

    /// <summary>By queue.</summary>
    public IEnumerable<string> InHand => _inHand.Where(x => x.Value > 0).Select(x => $"{x.Key.Segments[^1]}: {x.Value} in hand");

    /// <summary>Committed messages that are not handed over; one that could not be handed over waits for its next try.</summary>
    public async Task<long> InOutbox()
    {
        var rows = 0L;
        foreach (var database in _over ? [] : _databases)
        {
            await using var count = database.CreateCommand("select count(*) from outbox_messages where delivered_at is null and failures = 0");
            rows += (long)(await count.ExecuteScalarAsync())!;
        }
        return rows;
    }

    /// <summary>It was stopped, or killed: nothing is in flight any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _over = true;
        foreach (var database in _databases)
            await database.DisposeAsync();
    }

    // A queue takes from the exchange of its name, and so does this: each message that comes into the queue is counted once. Until the sender is
    // told that it was handed over its row is undelivered, so it does not matter which of the two is told first.
    Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready)
    {
        var queue = ready.InputAddress.Segments[^1];
        if (_counted.TryAdd(queue, true))
            _transport.Value.MessageFabric.GetExchange(_transport.Value, queue).Connect(this, null);
        return Task.CompletedTask;
    }

    Task IMessageSink<InMemoryTransportMessage>.Deliver(DeliveryContext<InMemoryTransportMessage> context)
    {
        Interlocked.Increment(ref _queued);
        return Task.CompletedTask;
    }

    void IProbeSite.Probe(ProbeContext context) => context.CreateScope("inFlight");

    Task IReceiveObserver.PreReceive(ReceiveContext context)
    {
        _inHand.AddOrUpdate(context.InputAddress, 1, (_, count) => count + 1);
        return Task.CompletedTask;
    }

    Task IReceiveObserver.PostReceive(ReceiveContext context) => Done(context);

    Task IReceiveObserver.ReceiveFault(ReceiveContext context, Exception exception) => Done(context);

    private Task Done(ReceiveContext context)
    {
        _inHand.AddOrUpdate(context.InputAddress, 0, (_, count) => count - 1);
        Interlocked.Increment(ref _done);
        return Task.CompletedTask;
    }

    Task IReceiveObserver.PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) => Task.CompletedTask;
    Task IReceiveObserver.ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) =>
        Task.CompletedTask;
    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;
    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}

public static class InFlightRegistration
{
    /// <summary>Before the bus is added.</summary>
    /// <param name="databases">Those that have an outbox.</param>
    public static void AddInFlight(this IHostApplicationBuilder builder, params IEnumerable<string> databases)
    {
        builder.Services.AddSingleton(services => new InFlight(services, databases));
        builder.Services.AddReceiveEndpointObserver(services => services.GetRequiredService<InFlight>());
        builder.Services.AddReceiveObserver(services => services.GetRequiredService<InFlight>());
    }
}
