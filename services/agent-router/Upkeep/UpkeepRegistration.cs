using Outdial.AgentRouter.Data;
using Outdial.Platform;

namespace Outdial.AgentRouter.Upkeep;

internal static class UpkeepRegistration
{
    public static void AddUpkeep(this IServiceCollection services)
    {
        services.AddSingleton<RouterInstance>();
        services.AddScoped<Sweeps>().AddScoped<SharedUpkeep>();
        services.AddHostedService<UpkeepLoop>();
        services.AddAfterRestore<RouterDbContext, AfterRestore>();
    }
}
