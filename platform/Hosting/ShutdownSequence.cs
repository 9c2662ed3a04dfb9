using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outdial.Platform.Outbox;

namespace Outdial.Platform.Hosting;

/// <summary>
/// Stopping in order. The host alone would stop the bus before the loops that still write messages. Here requests, queues and
/// loops end together, each with the work it has in hand; then the outbox is handed over; the bus goes last.
/// </summary>
internal sealed class ShutdownSequence(
    IServiceProvider services, ReceiveEndpoints endpoints, IEnumerable<IOutboxFlush> outboxes,
    ILogger<ShutdownSequence> log) : IHostedLifecycleService
{
    /// <summary>The host calls the first service last, so what others give back in their own turn is handed over here too.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var hosted = services.GetServices<IHostedService>().ToList();
        // By name: the server's service is internal to ASP.NET.
        var server = hosted.Where(service => service.GetType().Name == "GenericWebHostService");
        var loops = hosted.OfType<BackgroundService>().Where(service => service is not IEndsLate).ToList();

        await Task.WhenAll(
            Within("requests", ShutdownOptions.RequestLimit, limit => Task.WhenAll(server.Select(service => service.StopAsync(limit))), cancellationToken),
            Within("messages", ShutdownOptions.WorkLimit, endpoints.StopAsync, cancellationToken),
            Within(
                "loops", ShutdownOptions.WorkLimit, limit => Task.WhenAll(loops.Select(loop => loop.StopAsync(limit))), cancellationToken, InHand));
        await Task.WhenAll(
            Within("outbox", ShutdownOptions.OutboxLimit, limit => Task.WhenAll(outboxes.Select(outbox => outbox.FlushAsync(limit))), cancellationToken),
            Within(
                "what is kept on disk", ShutdownOptions.DiskLimit,
                limit => Task.WhenAll(services.GetServices<IKeptOnDisk>().Select(kept => kept.EmptyAsync(limit))), cancellationToken));
        log.WorkEnded();

        string InHand() => string.Join(", ", loops.OfType<IBackgroundWork>().Where(work => work.InHand > 0).Select(work => work.Name));
    }

    private async Task Within(
        string what, TimeSpan time, Func<CancellationToken, Task> stop, CancellationToken cancel, Func<string>? inHand = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(time);
        try
        {
            await stop(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            log.WorkCut(inHand?.Invoke() is { Length: > 0 } names ? $"{what} ({names})" : what, time);
        }
        catch (Exception e)
        {
            log.StopFailed(e, what);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A loop that outlives the others at a shutdown, because they still need it.</summary>
internal interface IEndsLate;

/// <summary>The queues of this process as they listen, except that for answers to its own requests.</summary>
internal sealed class ReceiveEndpoints : IReceiveEndpointObserver
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Uri, IReceiveEndpoint> _listening = new();

    /// <summary>Takes no more messages, and returns when those in hand are done.</summary>
    public Task StopAsync(CancellationToken cancel) => Task.WhenAll(_listening.Values.Select(endpoint => endpoint.Stop(cancel)));

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (!ready.InputAddress.Query.Contains("temporary=true", StringComparison.Ordinal))
            _listening[ready.InputAddress] = ready.ReceiveEndpoint;
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;
    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}

internal static class ShutdownRegistration
{
    /// <summary>Adds the sequence and the watch over the loops, once however often it is called.</summary>
    public static void AddShutdownSequence(this IServiceCollection services)
    {
        if (services.Any(service => service.ImplementationType == typeof(ShutdownSequence)))
            return;
        services.AddSingleton<ReceiveEndpoints>();
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = ShutdownOptions.HostLimit;
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;   // LoopWatch stops the host, and says why
        });
        services.AddSingleton<LoopWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<LoopWatch>());
        // Before all others, so that the host stops it after them.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ShutdownSequence>());
    }
}
