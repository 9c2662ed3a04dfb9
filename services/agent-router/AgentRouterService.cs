using MassTransit;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Invariants;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Telemetry;
using Outdial.AgentRouter.Trunks;
using Outdial.AgentRouter.Upkeep;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter;

/// <summary>Agents and their sessions, the hopper, DialWhom, popups, inbound routing.</summary>
public static class AgentRouterService
{
    /// <summary>Needs <c>ConnectionStrings:router</c>, <c>Webhooks:SigningKey</c> and the section <c>Accounts</c>.</summary>
    public static IHostApplicationBuilder AddAgentRouter(this IHostApplicationBuilder builder)
    {
        builder.AddServiceDefaults("agent-router");
        builder.AddDatabase<RouterDbContext>("router");
        builder.AddInvariants("agent-router", RouterInvariants.All);
        builder.AddCallbackAddresses<RouterDbContext>();
        builder.AddProviderAccess();
        builder.AddNumberDoors();

        var services = builder.Services;
        services.AddOptions<RouterOptions>().BindConfiguration("Router").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RouterOptions>, AccountsValidation>();
        services.AddSingleton<AccountSettings>();
        services.AddCounters<RouterMetrics>();

        services.AddScoped<LastAgents>();
        services.AddScoped<SessionChanges>().AddScoped<SignIn>().AddScoped<AgentVerbs>().AddScoped<Strangers>();
        services.AddScoped<AgentScreen>();
        services.AddScoped<CampaignCopies>().AddScoped<ICampaignZones, CampaignZones>().AddScoped<WrittenNumbers>();
        services.AddScoped<HopperIntake>().AddScoped<HopperPop>().AddScoped<LeadChanges>();
        services.AddCalls();
        services.AddUpkeep();

        builder.AddMessaging(bus =>
        {
            bus.AddConsumer<RouterHopperConsumer, RouterHopperConsumerDefinition>();
            bus.AddCalls();
        });
        return builder;
    }

    public static IEndpointRouteBuilder MapAgentRouter(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi();
        api.MapAgents();
        api.MapSessions();
        api.MapAgentStream();
        api.MapDispositions();
        api.MapHopper();
        api.MapTrunks();
        api.MapDids();
        api.MapInboundExplanation();
        routes.MapDialWhom();
        return routes;
    }
}
