using Outdial.AgentRouter;
using Outdial.Analytics;
using Outdial.Enrichment;
using Outdial.Gateway;
using Outdial.Host;
using Outdial.Ingress;
using Outdial.LocalServers;
using Outdial.Pacer;
using Outdial.Platform;

if (await ServiceRun.TryTellVersionAsync(args) is { } told)
    return told;
var builder = WebApplication.CreateBuilder(args);
// Before the data folder, which a serving host has open.
if (await builder.Configuration.TryHealthCheckAsync(args) is { } health)
    return health;
PrivateFiles.CloseToOthers();
try
{
    // Private PostgreSQL and keys; first, because services read their settings when they are added.
    await using var folder = await builder.AddDataFolder();
    builder.AddServiceDefaults("host");
    builder.AddIngress();
    builder.AddPacer();
    builder.AddEnrichment();
    builder.AddAgentRouter();
    builder.AddAnalytics();
    builder.AddApiKeyStore();
    builder.AddBus();

    var app = builder.Build();
    app.MapServiceDefaults();
    app.MapIngress();
    app.MapPacer();
    app.MapEnrichment();
    app.MapAgentRouter();
    app.MapAnalytics();
    app.MapApiKeyStore();
    app.Announce(folder);
    return await app.RunServiceAsync(args);
}
catch (InvalidOperationException e) when (e is not ObjectDisposedException)
{
    if (await ServiceRun.TrySayWrongAsync(e) is { } wrong)
        return wrong;
    throw;
}
catch (LocalServerException e)
{
#pragma warning disable RS0030 // There is no host yet that could log
    await Console.Error.WriteLineAsync(e.Message);
#pragma warning restore RS0030
    return 1;
}
