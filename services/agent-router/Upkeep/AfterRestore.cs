using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.Platform;

namespace Outdial.AgentRouter.Upkeep;

/// <summary>
/// Leads that the dump shows waiting may have been dialed after it: they are dialed no more. The pacer holds their attempts for
/// dialed, so it is not told that they came back. Sessions whose line is gone end by their own deadlines.
/// </summary>
internal sealed class AfterRestore(RouterDbContext db, TimeProvider clock) : IAfterRestore
{
    public string Database => "router";

    public async IAsyncEnumerable<string> RunAsync(DateTimeOffset dumpedAt, [EnumeratorCancellation] CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var upTo = dumpedAt + TimeSpan.FromMinutes(2);
        var forgotten = await db.Database.ExecuteSqlAsync(
            $"""
            update hopper set state = {HopperStates.Returned}, returned_reason = 'the database was restored from a dump', over_at = {now},
              settle_at = null
            where state in ({HopperStates.Waiting}, {HopperStates.Shown}) and offered_at <= {upTo}
            """, cancel);
        yield return $"{Counted.Of(forgotten, "lead")} that waited in the hopper when the dump was made: dialed no more.";
    }
}
