using Microsoft.EntityFrameworkCore;

namespace Outdial.Platform;

/// <summary>
/// Publishes together with the rows of the scoped <typeparamref name="TDb"/>, for HTTP handlers and hosted services:
/// the message becomes a row, its <c>SaveChangesAsync</c> writes both or neither, and delivery follows the commit.
/// Consumers and sagas do not need it: their <c>context.Publish</c> goes the same way.
/// </summary>
public interface IOutbox<TDb>
    where TDb : DbContext
{
    /// <summary>Adds the message to the scoped context. Nothing is sent before the context is saved.</summary>
    Task Publish<T>(T message, CancellationToken cancel) where T : class;
}

/// <summary>
/// Publishes and returns only when the message is safe: confirmed by the broker, or, on the in-memory transport, a
/// committed outbox row. Uses no scoped context and no transaction of the caller.
/// </summary>
public interface IConfirmedPublisher<TDb>
    where TDb : DbContext
{
    /// <summary>Publishes and waits for the confirmation.</summary>
    /// <exception cref="TimeoutException">
    /// The broker did not confirm within <c>Messaging:ConfirmTimeout</c>. It may still do so later: publish under the
    /// same id of your own when you repeat, so that the receiver can tell.
    /// </exception>
    /// <exception cref="MassTransit.MessageReturnedException">The broker has no queue for the message yet.</exception>
    Task Publish<T>(T message, CancellationToken cancel) where T : class;
}
