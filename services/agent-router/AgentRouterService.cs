using MassTransit;
using Outdial.AgentRouter.Accounts;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Campaigns;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Streams;
using Outdial.Platform;

namespace Outdial.AgentRouter;

/// <summary>Agents and their sessions, the hopper, DialWhom, popups, inbound routing.</summary>
public static class AgentRouterService
{
    /// <summary>Needs <c>ConnectionStrings:router</c>, <c>Webhooks:SigningKey</c> and the section <c>Accounts</c>.</summary>
    public static IHostApplicationBuilder AddAgentRouter(this IHostApplicationBuilder builder)
    {
        builder.AddServiceDefaults("agent-router");
        builder.AddDatabase<RouterDbContext>("router");
        builder.AddCallbackTokens();

        var services = builder.Services;
        services.AddOptions<RouterOptions>().BindConfiguration("Router").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AccountSettings>();
        services.AddScoped<AgentScreen>();
        services.AddScoped<LeadDesk>();
        services.AddScoped<SessionDesk>();
        services.AddScoped<SignIn>();
        services.AddScoped<AgentVerbs>();
        services.AddScoped<CampaignMirror>();

        builder.AddMessaging(bus => bus.AddConsumer<RouterHopperConsumer, RouterHopperConsumerDefinition>());
        return builder;
    }

    public static IEndpointRouteBuilder MapAgentRouter(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1");
        api.MapAgents();
        api.MapSessions();
        return routes;
    }
}
