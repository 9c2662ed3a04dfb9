using Outdial.Ingress;
using Outdial.Platform;

return await ServiceRun.RunProgramAsync(args, builder =>
{
    builder.AddServiceDefaults("ingress");   // logs, traces, metrics, health, API keys
    builder.AddIngress();                    // webhooks, spool, translation, matching
    builder.AddBus();                        // everything above on RabbitMQ or in memory
}, app => app.MapIngress());
