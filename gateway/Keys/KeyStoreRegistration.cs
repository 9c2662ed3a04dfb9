using Outdial.Gateway.Acts;
using Outdial.Gateway.Data;
using Outdial.Gateway.Keys;
using Outdial.Platform;

namespace Outdial.Gateway;

/// <summary>Keys in a database, for the gateway and for a process that is everything in one.</summary>
public static class KeyStoreRegistration
{
    /// <summary>
    /// Adds the store to what requests are authenticated by. Needs <c>ConnectionStrings:gateway</c>; serves without the database too.
    /// </summary>
    public static IHostApplicationBuilder AddApiKeyStore(this IHostApplicationBuilder builder)
    {
        builder.AddServiceDefaults("gateway");
        builder.AddLateDatabase<GatewayDbContext>("gateway");
        builder.Services.AddGatewayOptions();
        builder.Services.AddSingleton<ActRecorder>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ActRecorder>());
        // First, and so outside of what answers for a request that failed.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter>(provider => provider.GetRequiredService<ActRecorder>()));
        builder.Services.AddSingleton<StoredKeys>();
        builder.Services.AddSingleton<IApiKeyStore>(provider => provider.GetRequiredService<StoredKeys>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<StoredKeys>());
        return builder;
    }

    /// <summary>Maps <c>/api/v1/api-keys</c> and <c>/api/v1/acts</c>.</summary>
    public static IEndpointRouteBuilder MapApiKeyStore(this IEndpointRouteBuilder routes)
    {
        routes.MapKeys();
        routes.MapActs();
        return routes;
    }
}
