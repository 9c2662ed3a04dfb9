using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outdial.Platform.Hosting;

/// <summary>No verb: serves until it is told to stop, or one of its loops ends, then ends what it has in hand.</summary>
internal static class ServeVerb
{
    public static async Task<int> RunAsync(IHost host, CancellationToken cancel)
    {
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Outdial.Start").Begins(ProductVersion.Text);
        // Before the wait: a wrong setting is said at once, not when the database is there at last.
        host.Services.GetService<IStartupValidator>()?.Validate();
        if (!await StartWait.DatabasesAsync(host, cancel))
            return ExitCodes.Ok;   // told to stop while it waited

        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        try
        {
            await host.StartAsync(cancel);
            await ToldToStop(lifetime, cancel);
            await Task.Delay(Notice(host.Services.GetRequiredService<IConfiguration>()), TimeProvider.System, CancellationToken.None);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested || cancel.IsCancellationRequested)
        {
            // Told to stop while it started; what has started is stopped below.
        }
        return await StopAsync(host);
    }

    private static async Task<int> StopAsync(IHost host)
    {
        try
        {
            await host.StopAsync(CancellationToken.None);   // within HostOptions.ShutdownTimeout
            return host.Services.GetService<LoopWatch>()?.Ended is { } ended ? await ServiceRun.Say(ExitCodes.Failed, ended) : ExitCodes.Ok;
        }
        catch (Exception e)
        {
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Outdial.Stop").StopFailed(e, "the host");
            return ExitCodes.Failed;
        }
    }

    private static async Task ToldToStop(IHostApplicationLifetime lifetime, CancellationToken cancel)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = lifetime.ApplicationStopping.Register(told.SetResult);
        // Whoever holds the token says the same thing as a signal, and readiness has to follow.
        await using var cancelled = cancel.Register(lifetime.StopApplication);
        await told.Task;
    }

    private static TimeSpan Notice(IConfiguration configuration)
    {
        var notice = (configuration.GetSection(ShutdownOptions.Section).Get<ShutdownOptions>() ?? new()).Notice;
        return notice < ShutdownOptions.NoticeLimit ? notice : ShutdownOptions.NoticeLimit;
    }
}
