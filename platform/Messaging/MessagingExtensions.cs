using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Outdial.Platform.Hosting;
using Outdial.Platform.Messaging;
using Outdial.Platform.Messaging.Topology;

namespace Outdial.Platform;

public static class MessagingExtensions
{
    /// <summary>Adds a service's consumers and sagas to the bus that <see cref="AddBus"/> builds. May be called by several services.</summary>
    /// <exception cref="InvalidOperationException">The bus was already added.</exception>
    public static IHostApplicationBuilder AddMessaging(this IHostApplicationBuilder builder, Action<IBusRegistrationConfigurator> configure)
    {
        var registrations = Registrations(builder.Services);
        if (registrations.IsBusAdded)
            throw new InvalidOperationException("AddMessaging must come before AddBus: the bus is built from what was collected.");
        registrations.Configure.Add(configure);
        return builder;
    }

    /// <summary>
    /// Builds the one bus of the process from everything collected by <see cref="AddMessaging"/>: transport by
    /// <c>Messaging:Transport</c>, kebab-case queue names, System.Text.Json, retries around every handler.
    /// </summary>
    /// <remarks>Its health check (tag <c>ready</c>) is unhealthy while the broker is away; the process starts and waits.</remarks>
    /// <exception cref="InvalidOperationException">
    /// The transport is unknown, or RabbitMQ is chosen and <c>ConnectionStrings:rabbitmq</c> is missing.
    /// </exception>
    public static IHostApplicationBuilder AddBus(this IHostApplicationBuilder builder)
    {
        var registrations = Registrations(builder.Services);
        if (registrations.IsBusAdded)
            return builder;
        registrations.IsBusAdded = true;

        builder.Services.AddMessagingOptions();
        var options = builder.Configuration.GetSection(MessagingOptions.Section).Get<MessagingOptions>() ?? new();
        if (options.Transport is not ("memory" or "rabbitmq"))
            throw new InvalidOperationException($"Messaging:Transport is '{options.Transport}' and must be memory or rabbitmq.");

        builder.Services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            // A broker that is away is no reason not to start: ingress spools meanwhile, and readiness tells the rest.
            host.WaitUntilStarted = options.IsMemory;
            host.StopTimeout = ShutdownOptions.HostLimit;
            host.ConsumerStopTimeout = ShutdownOptions.WorkLimit;
        });
        var own = new OwnQueues();
        builder.Services.AddSingleton(own);
        if (!options.IsMemory)
            builder.AddBrokerWatch();
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();   // what runs in a call centre reports to nobody
            bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(includeNamespace: false));
            bus.AddConfigureEndpointsCallback((_, queue, endpoint) =>
            {
                own.Add(queue);
                EndpointDefaults.Apply(queue, endpoint, options);
            });
            foreach (var configure in registrations.Configure)
                configure(bus);
            if (options.IsMemory)
                bus.UseMemory(options);
            else
                bus.UseRabbitMq(options, Transports.BrokerAddress(builder.Configuration.GetConnectionString("rabbitmq")));
        });
        builder.Services.AddShutdownSequence();
        builder.Services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<ReceiveEndpoints>());
        return builder;
    }

    // Before the bus itself, and for the verb migrate, which starts nothing.
    private static void AddBrokerWatch(this IHostApplicationBuilder builder)
    {
        var address = Transports.BrokerAddress(builder.Configuration.GetConnectionString("rabbitmq"));
        builder.Services.AddSingleton(new BrokerAddress(address));
        builder.Services.AddSingleton<ErrorQueueDepths>();
        builder.Services.AddSingleton<BrokerWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<BrokerWatch>());
        builder.Services.AddHealthChecks().AddCheck<TopologyHealthCheck>("broker:topology", tags: ["ready"]);
    }

    internal static void AddMessagingOptions(this IServiceCollection services)
    {
        services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<TopologyGate>();
    }

    private static BusRegistrations Registrations(IServiceCollection services)
    {
        services.TryAddSingleton(new BusRegistrations());
        return (BusRegistrations)services.Single(s => s.ServiceType == typeof(BusRegistrations)).ImplementationInstance!;
    }
}
