using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Platform.Storage;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// The clock that turns the pulses: at each tick, and when somebody cannot wait for it, every campaign that is due is looked at, one
/// transaction each.
/// </summary>
internal sealed class PulseLoop(
    IServiceScopeFactory scopes, PulseSignal signal, IOptions<PacerOptions> options, TimeProvider clock, ILogger<PulseLoop> log)
    : TimedLoop("pulse", options.Value.PulseInterval, clock, log)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    protected override bool TurnsAtStart => true;

    protected override LoopSignal Signal => signal;

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
        catch (Exception e) when (IsLostRace(e))
        {
            // Such as another account's pulse that opened an attempt to the same person between our look and our insert.
            Logger.PulseLostRace(pulse.CampaignId);
            return false;
        }
        catch (Exception e) when (pulse.CampaignId != Guid.Empty && !cancel.IsCancellationRequested && !DatabaseAway.Is(e))
        {
            await PutOff(pulse.CampaignId, e, cancel);
            return true;
        }
    }

    private static bool IsLostRace(Exception error) => error.GetBaseException() is PostgresException refused && refused.SqlState
        is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>
    /// Whatever is wrong with a campaign, and whatever it is, the others are dialed: unmoved, it would be the one that is due longest for ever.
    /// </summary>
    private async Task PutOff(Guid campaign, Exception error, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PacerDbContext>();
        var now = Clock.GetUtcNow();
        var again = now + AfterFailure;
        Logger.PulseFailed(error, campaign, again);
        var reason = $"the platform failed when it looked at this campaign ({error.GetBaseException().GetType().Name}; the pacer's log tells more); "
            + $"it is looked at again at {again:u}";
        await db.PutOff(campaign, again, reason, now, cancel);
    }
}
