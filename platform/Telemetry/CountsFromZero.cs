using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Outdial.Platform;

/// <summary>Counters that are in a scrape before they have counted anything: what never happened is 0, and not absent.</summary>
public interface ICountsFromZero
{
    /// <summary>Adds nothing to each series whose labels are known beforehand.</summary>
    void Begin();
}

/// <summary>Registration of counters that begin at zero.</summary>
public static class CountsFromZeroExtensions
{
    /// <summary>As a singleton; its counters begin when the process has started, and so somebody listens to them.</summary>
    public static IServiceCollection AddCounters<T>(this IServiceCollection services) where T : class, ICountsFromZero =>
        services.AddSingleton<T>().AddHostedService<Beginning<T>>();

    private sealed class Beginning<T>(T counters) : IHostedLifecycleService where T : class, ICountsFromZero
    {
        public Task StartedAsync(CancellationToken cancellationToken)
        {
            counters.Begin();
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
