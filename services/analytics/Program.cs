using Outdial.Analytics;
using Outdial.Platform;

var builder = WebApplication.CreateBuilder(args);
if (await builder.Configuration.TryHealthCheckAsync(args) is { } health)
    return health;

builder.AddServiceDefaults("analytics");
builder.AddAnalytics();
builder.AddBus();

var app = builder.Build();
app.MapServiceDefaults();
app.MapAnalytics();
return await app.RunServiceAsync(args);
