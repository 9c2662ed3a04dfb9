using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outdial.Platform.Storage;

namespace Outdial.Platform.Hosting;

/// <summary>
/// Waits for the databases before the service starts, for as long as it takes: a process that ended instead would be started
/// again and again, and say less. Meanwhile it is alive and not ready.
/// </summary>
internal static class StartWait
{
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(2);

    /// <returns>False when the process was told to stop first.</returns>
    public static async Task<bool> DatabasesAsync(IHost host, CancellationToken cancel)
    {
        var databases = host.Services.GetServices<IDatabasePreparation>().Where(database => database.IsAwaited).ToList();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            var ready = Task.WhenAll(databases.Select(database => database.PrepareAsync(Timeout.InfiniteTimeSpan, stop.Token)));
            if (host is WebApplication && await Task.WhenAny(ready, Task.Delay(s_usual, TimeProvider.System, stop.Token)) != ready
                && !stop.IsCancellationRequested)
            {
                var log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Outdial.Start");
                await using var room = await WaitingRoom.OpenAsync(host.Services, databases, log, stop.Token);
                await ready;
            }
            await ready;
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
