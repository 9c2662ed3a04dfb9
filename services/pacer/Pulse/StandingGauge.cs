using Outdial.Platform;

namespace Outdial.Pacer.Pulse;

/// <summary>Keeps the figures of what stands up to date (<see cref="StandingCounts"/>). Real time, as <see cref="QueueGauge"/>.</summary>
internal sealed class StandingGauge(IServiceScopeFactory scopes, ILogger<StandingGauge> log)
    : TimedLoop("count of what stands", TimeSpan.FromSeconds(30), TimeProvider.System, log)
{
    protected override bool TurnsAtStart => true;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<StandingCounts>().Count(cancel);
    }
}
