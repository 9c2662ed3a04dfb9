using MassTransit.Configuration;
using Microsoft.EntityFrameworkCore;

// In MassTransit's namespace and by the names of MassTransit.EntityFrameworkCore: definitions stay as they are when that
// package takes the place of this code.
namespace MassTransit;

public static class EntityFrameworkOutboxExtensions
{
    /// <summary>
    /// Makes the endpoint's consumers and sagas handle each message once, and commit what they publish with the rows they
    /// change through <typeparamref name="TDbContext"/>. Comes after <c>UseMessageRetry</c>.
    /// </summary>
    public static void UseEntityFrameworkOutbox<TDbContext>(
        this IReceiveEndpointConfigurator configurator, IRegistrationContext context, Action<IOutboxOptionsConfigurator>? configure = null)
        where TDbContext : DbContext
    {
        var observer = new OutboxConsumePipeSpecificationObserver<TDbContext>(configurator, context);
        configure?.Invoke(observer);
        configurator.ConnectConsumerConfigurationObserver(observer);
        configurator.ConnectSagaConfigurationObserver(observer);
    }
}
