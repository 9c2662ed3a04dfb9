using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outdial.Platform.Messaging.Topology;

namespace Outdial.Platform.Outbox;

internal sealed class ConfirmedPublisher<TDb>(
    IBus bus, TopologyGate gate, IServiceScopeFactory scopes, IOptions<MessagingOptions> options) : IConfirmedPublisher<TDb>
    where TDb : DbContext
{
    public Task Publish<T>(T message, CancellationToken cancel) where T : class =>
        options.Value.IsMemory ? Commit(message, cancel) : Confirm(message, cancel);

    // The in-memory transport confirms nothing: a queue in memory is gone with the process. A committed row is not.
    private async Task Commit<T>(T message, CancellationToken cancel) where T : class
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOutbox<TDb>>().Publish(message, cancel);
        await scope.ServiceProvider.GetRequiredService<TDb>().SaveChangesAsync(cancel);
    }

    private async Task Confirm<T>(T message, CancellationToken cancel) where T : class
    {
        // While the broker is away the transport waits for it to come back, and looks at its token only now and then:
        // the token tells it to give up, the time limit on the task makes the caller hear of it in time.
        var limit = options.Value.ConfirmTimeout;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(limit);
        try
        {
            // A broker confirms what no queue takes, and throws it away: so first the queues, and mandatory for the case that
            // somebody has deleted one.
            await gate.Opened.WaitAsync(timeout.Token);
            await bus.Publish(message, message.GetType(), context => context.Mandatory = true, timeout.Token).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"The broker did not confirm within {limit} (Messaging:ConfirmTimeout).", e);
        }
    }
}
