using MassTransit;
using Outdial.AgentRouter.Customers;
using Outdial.AgentRouter.DialWhom;
using Outdial.AgentRouter.Dispositions;
using Outdial.AgentRouter.Loop;
using Outdial.AgentRouter.Offers;
using Outdial.AgentRouter.Trunks;

namespace Outdial.AgentRouter.Inbound;

/// <summary>Calls that are no agent's line: customers who were called first, and those who call in.</summary>
internal static class InboundRegistration
{
    public static void AddCallers(this IServiceCollection services)
    {
        services.AddScoped<AgentOffers>();
        services.AddScoped<CustomerDesk>();
        services.AddScoped<InboundDesk>();
        services.AddScoped<InboundExplainer>();
        // In this order: a customer we called is no caller of one of our numbers, though the call shows that number.
        services.AddScoped<ICallerRoute, CustomerRoute>();
        services.AddScoped<ICallerRoute, InboundRoute>();
        services.AddScoped<IDialListener, CustomerListener>();
        services.AddScoped<IDialListener, InboundListener>();
        services.AddScoped<ITalkSource, CustomerTalks>();
        services.AddHostedService<InboundSweep>();
    }

    public static void AddCallers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<RouterCustomersConsumer, RouterCustomersConsumerDefinition>();

    public static void MapCallers(this IEndpointRouteBuilder api)
    {
        api.MapTrunks();
        api.MapDids();
        api.MapInboundExplanation();
    }
}
