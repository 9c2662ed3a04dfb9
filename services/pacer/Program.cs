using Outdial.Pacer;
using Outdial.Platform;

var builder = WebApplication.CreateBuilder(args);
if (await builder.Configuration.TryHealthCheckAsync(args) is { } health)
    return health;

builder.AddServiceDefaults("pacer");
builder.AddPacer();
builder.AddBus();

var app = builder.Build();
app.MapServiceDefaults();
app.MapPacer();
return await app.RunServiceAsync(args);
