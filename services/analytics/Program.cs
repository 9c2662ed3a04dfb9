using Outdial.Analytics;
using Outdial.Platform;

return await ServiceRun.RunProgramAsync(args, builder =>
{
    builder.AddServiceDefaults("analytics");
    builder.AddAnalytics();
    builder.AddBus();
}, app => app.MapAnalytics());
