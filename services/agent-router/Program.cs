using Outdial.AgentRouter;
using Outdial.Platform;

return await ServiceRun.RunProgramAsync(args, builder =>
{
    builder.AddServiceDefaults("agent-router");
    builder.AddAgentRouter();
    builder.AddBus();
}, app => app.MapAgentRouter());
