using MassTransit;
using Microsoft.Extensions.Options;

namespace Outdial.Pacer.Data;

/// <summary>A consumer that handles each message once, and commits what it publishes with the rows that it changes.</summary>
internal abstract class TransactionalConsumerDefinition<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    /// <param name="queue">Named, because other services consume the same message by consumers of the same name.</param>
    protected TransactionalConsumerDefinition(string queue) => EndpointName = queue;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<PacerDbContext>(context);
}

/// <summary>As <see cref="TransactionalConsumerDefinition{TConsumer}"/>, for a saga.</summary>
internal abstract class TransactionalSagaDefinition<TSaga> : SagaDefinition<TSaga>
    where TSaga : class, ISaga
{
    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TSaga> sagaConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<PacerDbContext>(context);
}

/// <summary>A consumer that asks a provider for a call, and holds no transaction meanwhile.</summary>
internal abstract class IssuerDefinition<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    protected IssuerDefinition(IOptions<PacerOptions> options)
    {
        // Hung requests hold a place each; the budget, not this number, sets the pace.
        ConcurrentMessageLimit = options.Value.IssuerConcurrency;
        // Each takes as long as the provider: more in hand than in work would wait here while another replica has a place free.
        Endpoint(endpoint => endpoint.PrefetchCount = options.Value.IssuerConcurrency);
    }
}
