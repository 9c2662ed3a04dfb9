using Outdial.Gateway;
using Outdial.Platform;

var builder = WebApplication.CreateBuilder(args);
if (await builder.Configuration.TryHealthCheckAsync(args) is { } health)
    return health;

builder.AddServiceDefaults("gateway");
builder.AddApiKeyStore();                // keys in a database, beside the configured ones
builder.AddGateway();                    // lanes, limits, forwarding

var app = builder.Build();
app.MapServiceDefaults();
app.MapApiKeyStore();
app.MapGateway();
return await app.RunServiceAsync(args);
