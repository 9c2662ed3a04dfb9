using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Hosting;

/// <summary>
/// Notices when a loop of the process ends that nobody told to: a process without one of its loops looks alive and does half its work. It ends
/// instead, with a sentence and an exit code that is not 0, and whoever keeps it running starts it anew.
/// </summary>
internal sealed class LoopWatch(IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<LoopWatch> log) : IHostedLifecycleService
{
    private string? _ended;

    /// <summary>Which loop ended, and why; null: none did.</summary>
    public string? Ended => Volatile.Read(ref _ended);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var loop in services.GetServices<IHostedService>().OfType<BackgroundService>().Distinct())
        {
            if (loop.ExecuteTask is { } running)
                _ = WatchAsync(loop, running);
        }
        return Task.CompletedTask;
    }

    private async Task WatchAsync(BackgroundService loop, Task running)
    {
        Exception? error = null;
        try
        {
            await running;
        }
        catch (Exception e)
        {
            error = e;
        }
        if (lifetime.ApplicationStopping.IsCancellationRequested || (error is null && loop is IMayEnd))
            return;
        var why = error is null ? "it returned." : Masked.Text($"{error.GetType().Name}: {error.Message}");
        var sentence = $"{loop.GetType().Name} ended although the process goes on: {why}";
        Interlocked.CompareExchange(ref _ended, sentence, null);
        log.LoopEnded(loop.GetType().Name, error);
        lifetime.StopApplication();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A loop that has an end of its own.</summary>
internal interface IMayEnd;
