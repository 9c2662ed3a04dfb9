using Outdial.Pacer;
using Outdial.Platform;

return await ServiceRun.RunProgramAsync(args, builder =>
{
    builder.AddServiceDefaults("pacer");
    builder.AddPacer();
    builder.AddBus();
}, app => app.MapPacer());
