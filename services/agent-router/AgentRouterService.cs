using Outdial.AgentRouter.Data;
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
        return builder;
    }

    public static IEndpointRouteBuilder MapAgentRouter(this IEndpointRouteBuilder routes) => routes;
}
