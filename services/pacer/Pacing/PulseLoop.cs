using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;

namespace Outdial.Pacer.Pacing;

/// <summary>
/// The clock that turns the pulses: at each tick, and when somebody cannot wait for it, every campaign that is due is looked at, one
/// transaction each.
/// </summary>
internal sealed class PulseLoop(
    IServiceScopeFactory scopes, PulseSignal signal, IOptions<PacerOptions> options, TimeProvider clock, ILogger<PulseLoop> log)
    : TimedLoop("pulse", options.Value.PulseInterval, clock, log)
{
    protected override bool TurnsAtStart => true;

    protected override async Task WokenAsync(CancellationToken cancel)
    {
        await signal.WaitAsync(cancel);
        signal.Clear();
    }

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && await Once(cancel))
        {
        }
    }

    /// <summary>Looks at one due campaign. False when none was due, or another writer came first.</summary>
    private async Task<bool> Once(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var pulse = scope.ServiceProvider.GetRequiredService<CampaignPulse>();
        try
        {
            return await pulse.Turn(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Another account's pulse opened an attempt to the same person between our look and our insert.
            Logger.PulseLostRace(pulse.CampaignId);
            return false;
        }
    }
}
