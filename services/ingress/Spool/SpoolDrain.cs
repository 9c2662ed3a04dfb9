using System.Diagnostics;
using System.Text.Json;
using Outdial.Ingress.Data;
using Outdial.Ingress.Telemetry;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;

namespace Outdial.Ingress.Spool;

/// <summary>Brings spooled webhooks to the broker as soon as it is back, one after the other, so that each call's stay in order.</summary>
internal sealed class SpoolDrain(
    WebhookSpool spool, IConfirmedPublisher<IngressDbContext> publisher, TimeProvider clock, ILogger<SpoolDrain> log)
    : BackgroundService, IKeptOnDisk
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await spool.WaitAsync(stoppingToken);
                var drained = await DrainAsync(() => pause = FirstPause, stoppingToken);
                log.SpoolDrained(drained);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;   // what is left waits for the next start
            }
            catch (Exception e)   // the broker is still away; nothing was taken from the spool
            {
                log.SpoolWaits(spool.Depth, pause, e.Message);
                // Real time: a broker comes back no sooner under an accelerated clock.
                await Task.Delay(pause, TimeProvider.System, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <inheritdoc/>
    public long Depth => spool.Depth;

    /// <summary>
    /// The last turn of a process that stops, when no more requests come: whether it will ever start again with this folder nobody here knows.
    /// What the broker does not take stays on the disk.
    /// </summary>
    public async Task EmptyAsync(CancellationToken cancel)
    {
        if (spool.Depth == 0)
            return;
        if (ExecuteTask is { IsCompleted: false })   // the loop was cut, and still reads
        {
            log.SpoolLeft(spool.Depth, spool.Folder, "the process has no time left");
            return;
        }
        try
        {
            log.SpoolDrained(await DrainAsync(() => { }, cancel));
        }
        catch (Exception e)
        {
            log.SpoolLeft(spool.Depth, spool.Folder, e.Message);
        }
    }

    private async Task<long> DrainAsync(Action moved, CancellationToken stop)
    {
        var drained = 0L;
        for (; spool.TryPeek(out var record); drained++)
        {
            if (Read(record) is { } received)
            {
                using var span = IngressTelemetry.Source.StartOf(
                    "drain webhook", ActivityKind.Producer, received.TraceParent, clock.GetUtcNow() - received.ReceivedAt);
                span?.SetTag(CallTrace.Attempt, received.AttemptId).SetTag(CallTrace.Kind, received.Kind);
                await publisher.Publish(received, stop);
                moved();
            }
            spool.Take();
        }
        return drained;
    }

    private WebhookReceived? Read(byte[] record)
    {
        try
        {
            return JsonSerializer.Deserialize<WebhookReceived>(record);
        }
        catch (JsonException e)   // its checksum is right, so another version wrote it; it must not hold up the others
        {
            log.UnreadableRecord(record.Length, spool.SetAside(record), e);
            return null;
        }
    }
}
