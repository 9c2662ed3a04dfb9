using MassTransit;
using Outdial.Platform.Messaging.Topology;

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

    /// <exception cref="InvalidOperationException">It is missing or not an address.</exception>
    public static string BrokerAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme.StartsWith("amqp", StringComparison.Ordinal)
            ? address
            : throw new InvalidOperationException(
                "ConnectionStrings:rabbitmq must be an address like amqp://user:password@host:5672/ because Messaging:Transport is rabbitmq.");

    private static string UserOf(string address) => Uri.UnescapeDataString(new Uri(address).UserInfo.Split(':')[0]);

    public static void UseRabbitMq(this IBusRegistrationConfigurator bus, MessagingOptions options, string address)
    {
        bus.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(new Uri(address), host => host.PublisherConfirmation = true);
            // By default under a name of the machine and the program. The user's own comes first, for one who may make and read only what is the
            // user's.
            rabbit.OverrideDefaultBusEndpointQueueName($"{UserOf(address)}_bus_{NewId.NextGuid():N}");
            rabbit.PrefetchCount = options.Prefetch;
            rabbit.ConcurrentMessageLimit = options.Concurrency;
            // By default an error queue takes over all arguments of the queue it belongs to, also where that one's dead letters go.
            rabbit.SendTopology.ConfigureErrorSettings = errors =>
            {
                errors.SetQueueArgument(QueueArguments.DeadLetterExchange, (object?)null);
                errors.SetQueueArgument(QueueArguments.DeadLetterKey, (object?)null);
                foreach (var (name, value) in QueueArguments.OfErrors(options.QuorumQueues))
                    errors.SetQueueArgument(name, value);
            };
            rabbit.ConfigureEndpoints(context);
        });
    }
}
