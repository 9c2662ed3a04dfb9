using Outdial.Ingress;
using Outdial.Platform;

var builder = WebApplication.CreateBuilder(args);
if (await builder.Configuration.TryHealthCheckAsync(args) is { } health)
    return health;

builder.AddServiceDefaults("ingress");   // logs, traces, metrics, health, API keys
builder.AddIngress();                    // webhooks, spool, translation, matching
builder.AddBus();                        // everything above on RabbitMQ or in memory

var app = builder.Build();
app.MapServiceDefaults();
app.MapIngress();
return await app.RunServiceAsync(args);
