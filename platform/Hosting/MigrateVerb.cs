using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Outdial.Platform.Storage;

namespace Outdial.Platform.Hosting;

/// <summary>
/// <c>migrate</c>: for a job that runs before the roll-out, under the owner's role, while old processes still serve. Doing it
/// again changes nothing; of several that run at once, one works and the others wait.
/// </summary>
internal static class MigrateVerb
{
    public static async Task<int> RunAsync(IHost host, CancellationToken cancel)
    {
        var services = host.Services;
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Outdial.Migrate");
        try
        {
            foreach (var database in services.GetServices<IDatabasePreparation>())
            {
                await database.MigrateAsync(cancel);
                log.DatabaseMigrated(database.Name);
            }
            return ExitCodes.Ok;
        }
        catch (ServerAwayException away)
        {
            return await ServiceRun.Say(ExitCodes.ServerAway, away.Message);
        }
        catch (PostgresException refused)
        {
            return await ServiceRun.Say(ExitCodes.Failed,
                $"PostgreSQL refused: {refused.MessageText} ({refused.SqlState}). Scripts before the one that failed stay applied.");
        }
    }
}
