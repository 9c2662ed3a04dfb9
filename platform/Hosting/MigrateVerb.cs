using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.Platform.Messaging;
using Outdial.Platform.Messaging.Topology;
using Outdial.Platform.Storage;
using RabbitMQ.Client.Exceptions;

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
            if (services.GetService<BrokerAddress>() is { } broker
                && services.GetRequiredService<IOptions<MessagingOptions>>().Value is { DeclareTopology: true } messaging)
                await DeclareTopology(broker, messaging, services.GetRequiredService<DatabaseOptions>().StartTimeout, log, cancel);
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
        catch (OperationInterruptedException refused)
        {
            return await ServiceRun.Say(ExitCodes.Failed, $"RabbitMQ refused: {BrokerWatch.ReasonOf(refused)}");
        }
    }

    private static async Task DeclareTopology(BrokerAddress broker, MessagingOptions messaging, TimeSpan limit, ILogger log, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await TopologyDeclaration.OpenAsync(broker.Address, "outdial migrate", cancel);
                await TopologyDeclaration.DeclareAsync(connection, BusTopology.Embedded, messaging.QuorumQueues, cancel);
                log.TopologyDeclared();
                return;
            }
            catch (Exception e) when (e is BrokerUnreachableException or AlreadyClosedException)
            {
                if (TimeProvider.System.GetElapsedTime(started) > limit)
                    throw new ServerAwayException($"RabbitMQ did not answer within {limit} (Database:StartTimeout): {BrokerWatch.ReasonOf(e)}", e);
                log.WaitingForBroker(attempt, BrokerWatch.ReasonOf(e));
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancel);
            }
        }
    }
}
