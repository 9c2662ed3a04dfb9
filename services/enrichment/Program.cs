using Outdial.Enrichment;
using Outdial.Platform;

var builder = WebApplication.CreateBuilder(args);
if (await builder.Configuration.TryHealthCheckAsync(args) is { } health)
    return health;

builder.AddServiceDefaults("enrichment");
builder.AddEnrichment();
builder.AddBus();

var app = builder.Build();
app.MapServiceDefaults();
app.MapEnrichment();
return await app.RunServiceAsync(args);
