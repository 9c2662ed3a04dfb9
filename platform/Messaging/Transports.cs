using MassTransit;

namespace Outdial.Platform.Messaging;

internal static class Transports
{
    public static void UseMemory(this IBusRegistrationConfigurator bus, MessagingOptions options) =>
        bus.UsingInMemory((context, memory) =>
        {
            memory.PrefetchCount = options.Prefetch;
            memory.ConcurrentMessageLimit = options.Concurrency;
            memory.ConfigureEndpoints(context);
        });

    public static void UseRabbitMq(this IBusRegistrationConfigurator bus, MessagingOptions options, string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !uri.Scheme.StartsWith("amqp", StringComparison.Ordinal))
            throw new InvalidOperationException(
                "ConnectionStrings:rabbitmq must be an address like amqp://user:password@host:5672/ because Messaging:Transport is rabbitmq.");

        bus.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(uri, host => host.PublisherConfirmation = true);
            rabbit.PrefetchCount = options.Prefetch;
            rabbit.ConcurrentMessageLimit = options.Concurrency;
            rabbit.ConfigureEndpoints(context);
        });
    }
}
