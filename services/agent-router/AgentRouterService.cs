using MassTransit;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Accounts;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Campaigns;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.DialWhom;
using Outdial.AgentRouter.Dispositions;
using Outdial.AgentRouter.Duties;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Inbound;
using Outdial.AgentRouter.Invariants;
using Outdial.AgentRouter.Loop;
using Outdial.AgentRouter.Numbers;
using Outdial.AgentRouter.Restored;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Streams;
using Outdial.AgentRouter.Telemetry;
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
        services.AddScoped<AgentScreen>();
        services.AddScoped<LeadDesk>();
        services.AddScoped<SessionDesk>();
        services.AddScoped<SignIn>();
        services.AddScoped<AgentVerbs>();
        services.AddScoped<CampaignMirror>();
        services.AddScoped<WrittenNumbers>();
        services.AddSingleton<RouterMetrics>();
        services.AddSingleton<RouterInstance>();
        services.AddScoped<HopperDesk>();
        services.AddScoped<HopperPop>();
        services.AddScoped<LineDesk>();
        services.AddScoped<Strangers>();
        services.AddSingleton<AwaitedCallers>();
        services.AddScoped<LineEvidence>();
        services.AddScoped<LineLoop>();
        services.AddScoped<Talks>();
        services.AddScoped<Sweeper>();
        services.AddScoped<SharedDuties>();
        services.AddHostedService<DutyLoop>();
        services.AddAfterRestore<RouterDbContext, AfterRestore>();
        services.AddCallers();

        builder.AddMessaging(bus =>
        {
            bus.AddConsumer<RouterHopperConsumer, RouterHopperConsumerDefinition>();
            bus.AddConsumer<RouterLinesConsumer, RouterLinesConsumerDefinition>();
            bus.AddCallers();
        });
        return builder;
    }

    public static IEndpointRouteBuilder MapAgentRouter(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1");
        api.MapAgents();
        api.MapSessions();
        api.MapAgentStream();
        api.MapDispositions();
        api.MapHopper();
        api.MapCallers();
        routes.MapDialWhom();
        return routes;
    }
}
