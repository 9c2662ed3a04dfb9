using Outdial.AgentRouter;
using Outdial.Platform;

var builder = WebApplication.CreateBuilder(args);
if (await builder.Configuration.TryHealthCheckAsync(args) is { } health)
    return health;

builder.AddServiceDefaults("agent-router");
builder.AddAgentRouter();
builder.AddBus();

var app = builder.Build();
app.MapServiceDefaults();
app.MapAgentRouter();
return await app.RunServiceAsync(args);
