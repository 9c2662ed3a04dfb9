using Microsoft.Extensions.Options;

namespace Outdial.Analytics.Advice;

/// <summary>Turns <see cref="AdviceGiver"/> over the watched campaigns. Replicas share the work by skipping locked rows.</summary>
public sealed partial class AdviceLoop(IServiceScopeFactory scopes, IOptions<AdviceOptions> options, ILogger<AdviceLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Real time: an accelerated clock makes campaigns faster, not the database.
        using var timer = new PeriodicTimer(options.Value.Interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TurnAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            StoppedLooking(log);
        }
    }

    private async Task TurnAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var campaign in await InScope(giver => giver.WatchedAsync(cancel)))
                await InScope(giver => giver.LookAtAsync(campaign, cancel));
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            TurnFailed(log, failure);
        }
    }

    private async Task<T> InScope<T>(Func<AdviceGiver, Task<T>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<AdviceGiver>());
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "The watched campaigns could not be looked at; the next turn tries again")]
    private static partial void TurnFailed(ILogger log, Exception failure);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Debug, Message = "Stopped looking at the watched campaigns")]
    private static partial void StoppedLooking(ILogger log);
}
