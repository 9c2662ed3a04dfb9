using Microsoft.Extensions.Options;
using Outdial.Platform;

namespace Outdial.Pacer.CallBacks;

/// <summary>The clock that has missed calls decided: one look-up at a time in each process.</summary>
internal sealed class MissedCallLoop(IServiceScopeFactory scopes, IOptions<PacerOptions> options, TimeProvider clock, ILogger<MissedCallLoop> log)
    : TimedLoop("decisions on missed calls", options.Value.PulseInterval, clock, log)
{
    private bool _again;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        while (await Next(_again, cancel))
            _again = !_again;
    }

    private async Task<bool> Next(bool again, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MissedCallDecider>().Next(again, cancel);
    }
}
