using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Outdial.Platform;

/// <summary>
/// A consumer that writes to the database: each message is handled in one transaction with the rows that it changes and the messages that it sends,
/// once, however often it comes. Its queue is named for the consumer unless the definition names another.
/// </summary>
public abstract class OutboxConsumerDefinition<TConsumer, TDbContext> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
    where TDbContext : DbContext
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<TDbContext>(context);
}
