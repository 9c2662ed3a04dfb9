using System.Text.Json;
using Outdial.Ingress.Data;
using Outdial.Ingress.Spool;
using Outdial.Ingress.Telemetry;
using Outdial.Platform;

namespace Outdial.Ingress.Webhooks;

/// <summary>Makes a received webhook safe: in the broker, or on disk. Only then is the sender told that all is well.</summary>
internal sealed class WebhookIntake(
    IConfirmedPublisher<IngressDbContext> publisher, WebhookSpool spool, IngressMetrics metrics, IHostApplicationLifetime life,
    ILogger<WebhookIntake> log)
{
    /// <returns>False when neither took it.</returns>
    public async Task<bool> KeepAsync(WebhookReceived received)
    {
        // While something waits in the spool, all go there: a newer one must not overtake an older one of its call, and
        // nobody has to wait for a broker that is known to be away. So do those that come before the process has started: it
        // may wait for its database, and has no bus yet.
        if (life.ApplicationStarted.IsCancellationRequested && spool.Depth == 0 && await PublishAsync(received))
            return true;
        try
        {
            await spool.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(received));
            metrics.Spooled(received.Kind);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            log.NothingTookTheWebhook(received.Id, received.Kind, e);
            metrics.Refused(received.Kind, "unavailable");
            return false;
        }
    }

    private async Task<bool> PublishAsync(WebhookReceived received)
    {
        try
        {
            // A process that was told to stop still serves, and its broker is there: it waits no longer than for any other confirmation.
            await publisher.Publish(received, CancellationToken.None);
            return true;
        }
        catch (Exception e)   // whatever it was, the spool is the answer
        {
            log.BrokerDidNotTakeTheWebhook(received.Id, received.Kind, e.Message);
            return false;
        }
    }
}
