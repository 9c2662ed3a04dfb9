using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Placing;

/// <summary>
/// The account's calls-per-minute budget, shared by all replicas. A permit is a slot in time: under the account's row lock the
/// next slot is the later of now and a good minute after the N-th last slot, so that no 60 seconds ever hold more than N of them.
/// </summary>
internal sealed class OriginateBudget(ServiceDatabase<PacerDbContext> database, TimeProvider clock)
{
    /// <summary>A minute, and a margin for the time from our clock to the provider's: its minute must not hold more either.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(62);

    /// <summary>Reserves the next slot. The request may go out at or after the returned instant.</summary>
    /// <param name="latest">A slot after this instant is of no use and is not taken.</param>
    /// <returns>The slot's instant, or null when the next one lies after <paramref name="latest"/>.</returns>
    public async Task<DateTimeOffset?> Reserve(string account, int perMinute, DateTimeOffset latest, CancellationToken cancel)
    {
        // The slots, not this replica's clock, say how far time has come: a replica whose clock lags cannot squeeze in.
        await using var reserve = database.Source.CreateCommand("select reserve_originate_permit($1, $2, $3, $4, $5)");
        foreach (var value in new object[] { account, perMinute, Window, clock.GetUtcNow(), latest })
            reserve.Parameters.Add(new() { Value = value });
        return await reserve.ExecuteScalarAsync(cancel) is DateTime slot ? new DateTimeOffset(slot) : null;
    }
}
