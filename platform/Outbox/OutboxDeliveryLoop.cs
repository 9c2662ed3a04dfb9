using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outdial.Platform.Hosting;
using Outdial.Platform.Messaging.Topology;

namespace Outdial.Platform.Outbox;

/// <summary>Turns <see cref="OutboxDelivery{TDb}"/>: at every commit of this process, and every second for what others left behind.</summary>
internal sealed class OutboxDeliveryLoop<TDb>(
    OutboxDelivery<TDb> delivery, OutboxSignal<TDb> signal, ServiceDatabase<TDb> database, IBusControl bus, TopologyGate topology,
    OutboxDepths depths, IOptions<MessagingOptions> options, ILogger<OutboxDeliveryLoop<TDb>> log) : BackgroundService, IOutboxFlush, IEndsLate
    where TDb : DbContext
{
    private readonly LoopRecord _record = new($"outbox of {database.Name}", log);
    private long _counted;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await Attempt(ReleaseKept, stoppingToken))
            return;

        while (await Attempt(DeliverAll, stoppingToken))
            await Attempt(cancel => signal.WaitAsync(options.Value.PollInterval, cancel), stoppingToken);
    }

    public override void Dispose()
    {
        _record.Dispose();
        base.Dispose();
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        await StopAsync(cancel);
        // Memory's readers have stopped already: its rows are delivered at the next start.
        if (options.Value.IsMemory)
            return;
        while (topology.IsOpen && !cancel.IsCancellationRequested && await delivery.DeliverBatchAsync(cancel) > 0)
        {
        }
    }

    // Queues in memory die with the process; the rows that fed them do not. Handed over again, they are dropped by the
    // inbox wherever they had been consumed. This is what makes the in-memory transport survive a crash.
    private async Task ReleaseKept(CancellationToken cancel)
    {
        if (options.Value.IsMemory && await OutboxTable.ReleaseKept(database.Source, cancel) is > 0 and var count)
            log.RedeliveringKept(count, database.Name);
    }

    private async Task DeliverAll(CancellationToken cancel)
    {
        do
            await Count(cancel);
        while (await IsListening(cancel) && await delivery.DeliverBatchAsync(cancel) == options.Value.DeliveryBatch);
    }

    // Healthy means that every endpoint listens: in memory, a message published before is published to nobody. On a broker the
    // queues of those who have never started must be there too. While it is away the rows are counted nevertheless: that is
    // when somebody wants to know.
    private async Task<bool> IsListening(CancellationToken cancel) =>
        await topology.WaitAsync(options.Value.PollInterval, cancel)
            && await bus.WaitForHealthStatus(BusHealthStatus.Healthy, options.Value.PollInterval).WaitAsync(cancel) == BusHealthStatus.Healthy;

    private async Task Count(CancellationToken cancel)
    {
        if (TimeProvider.System.GetElapsedTime(_counted) < options.Value.PollInterval)
            return;
        depths.Set(database.Name, await OutboxTable.CountUndelivered(database.Source, cancel));
        _counted = TimeProvider.System.GetTimestamp();
    }

    /// <summary>Does the work until it succeeds. False when the host stops.</summary>
    private async Task<bool> Attempt(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
                _record.Succeeded();
                return true;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception e)
            {
                _record.Failed(e);
            }

            // The token is not handed in: a cancelled pause is no news, the loop above looks at it.
            await Task.Delay(options.Value.PollInterval, TimeProvider.System, CancellationToken.None);
        }

        return false;
    }
}
