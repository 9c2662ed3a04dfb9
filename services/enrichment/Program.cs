using Outdial.Enrichment;
using Outdial.Platform;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("enrichment");
builder.AddEnrichment();
builder.AddBus();

var app = builder.Build();
app.MapServiceDefaults();
app.MapEnrichment();
return await app.RunServiceAsync(args);
