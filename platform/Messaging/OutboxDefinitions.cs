using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Outdial.Platform;

/// <summary>
/// A consumer that writes to the database: each message is handled in one transaction with the rows that it changes and the messages that it sends,
/// once, however often it comes.
/// </summary>
public abstract class OutboxConsumerDefinition<TConsumer, TDbContext> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
    where TDbContext : DbContext
{
    /// <param name="queue">
    /// Named where other services consume the same message by consumers of the same name; null: it is called as the consumer is.
    /// </param>
    protected OutboxConsumerDefinition(string? queue = null)
    {
        if (queue is not null)
            EndpointName = queue;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<TDbContext>(context);
}

/// <summary>As <see cref="OutboxConsumerDefinition{TConsumer, TDbContext}"/>, for a saga.</summary>
public abstract class OutboxSagaDefinition<TSaga, TDbContext> : SagaDefinition<TSaga>
    where TSaga : class, ISaga
    where TDbContext : DbContext
{
    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TSaga> sagaConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<TDbContext>(context);
}
