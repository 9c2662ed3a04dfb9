using Outdial.Gateway;
using Outdial.Platform;

return await ServiceRun.RunProgramAsync(args, builder =>
{
    builder.AddServiceDefaults("gateway");
    builder.AddApiKeyStore();                // keys in a database, beside the configured ones
    builder.AddGateway();                    // lanes, limits, forwarding
}, app =>
{
    app.MapApiKeyStore();
    app.MapGateway();
});
