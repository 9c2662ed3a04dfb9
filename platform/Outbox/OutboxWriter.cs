using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;

namespace Outdial.Platform.Outbox;

/// <summary>The scoped outbox: what is published through it becomes a row of the scoped context.</summary>
internal sealed class OutboxWriter<TDb> : IOutbox<TDb>, OutboxSendContext
    where TDb : DbContext
{
    private readonly TDb _db;
    private readonly IBus _bus;
    private readonly OutboxSignal<TDb> _signal;
    private readonly TimeProvider _time;
    private readonly IServiceProvider _services;
    private readonly PublishEndpoint _publish;

    public OutboxWriter(TDb db, IBus bus, OutboxSignal<TDb> signal, TimeProvider time, IServiceProvider services)
    {
        (_db, _bus, _signal, _time, _services) = (db, bus, signal, time, services);
        _publish = new PublishEndpoint(new OutboxPublishEndpointProvider(this, bus));
    }

    /// <summary>The same way for callers that set more than the message: headers, a delay.</summary>
    public IPublishEndpoint Endpoint => _publish;

    // By the message's own type: an event handed over as its interface still reaches the consumers of the event.
    public Task Publish<T>(T message, CancellationToken cancel) where T : class =>
        _publish.Publish(message, message.GetType(), cancel);

    public Task AddSend<T>(SendContext<T> context) where T : class
    {
        // Handlers may publish in parallel; a context is not made for that.
        lock (_db)
            _db.Set<OutboxMessage>().Add(OutboxRows.Row(context, _bus, _time));
        _signal.Mark(_db);
        return Task.CompletedTask;
    }

    public object? GetService(Type serviceType) => _services.GetService(serviceType);
}
