using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Outdial.Platform.Hosting;

namespace Outdial.Platform.Storage;

/// <summary>
/// Prepares a database that the process can be without: tries once before the process serves, so that in the usual case everything is there
/// with the first request, and then on until it succeeds, whatever the server says meanwhile.
/// </summary>
internal sealed class LateDatabaseStarter(IDatabasePreparation database, ILogger<LateDatabaseStarter> log)
    : BackgroundService, IMayEnd
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1), s_patience = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await database.PrepareAsync(TimeSpan.Zero, patience.Token);
        }
        catch (Exception e) when (IsAway(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.WaitingForDatabase(database.Name, 1, e.Message);
        }
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 2; ; attempt++)
        {
            try
            {
                await database.PrepareAsync(Timeout.InfiniteTimeSpan, stoppingToken);
                return;
            }
            catch (Exception e) when (IsAway(e))
            {
                log.WaitingForDatabase(database.Name, attempt, e.Message);
                await Task.Delay(s_pause, TimeProvider.System, stoppingToken);   // real time: a server starts no sooner for a fast clock
            }
        }
    }

    private static bool IsAway(Exception error) => error is ServerAwayException or NpgsqlException or SocketException or TimeoutException;
}
