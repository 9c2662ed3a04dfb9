using MassTransit;
using Outdial.AgentRouter.Calls.Customers;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Calls.Lines;

namespace Outdial.AgentRouter.Calls;

/// <summary>The kinds of calls, and what each is made of.</summary>
internal static class CallRegistration
{
    public static void AddCalls(this IServiceCollection services)
    {
        services.AddSingleton<AwaitedCallers>();
        services.AddScoped<AgentOffers>();
        services.AddScoped<AllCalls>();

        // Asked in this order. A customer we called is no caller of one of our numbers, though the call shows that number.
        services.AddScoped<ICalls, LineCalls>();
        services.AddScoped<ICalls, CustomerCalls>();
        services.AddScoped<ICalls, InboundCalls>();

        services.AddScoped<LineAnswers>().AddScoped<LineListener>().AddScoped<LineEvidence>();
        services.AddScoped<CustomerAnswers>().AddScoped<CustomerListener>().AddScoped<CustomerChanges>();
        services.AddScoped<InboundAnswers>().AddScoped<InboundListener>().AddScoped<InboundChanges>().AddScoped<InboundExplainer>();
    }

    public static void AddCalls(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RouterLinesConsumer, RouterLinesConsumerDefinition>();
        bus.AddConsumer<RouterCustomersConsumer, RouterCustomersConsumerDefinition>();
    }
}
