using Outdial.Enrichment;
using Outdial.Platform;

return await ServiceRun.RunProgramAsync(args, builder =>
{
    builder.AddServiceDefaults("enrichment");
    builder.AddEnrichment();
    builder.AddBus();
}, app => app.MapEnrichment());
