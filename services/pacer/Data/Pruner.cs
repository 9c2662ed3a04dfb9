using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Pacer.CallBacks;
using Outdial.Platform;

namespace Outdial.Pacer.Data;

/// <summary>
/// Forgets what nobody asks about any more: decisions, of which a busy campaign makes one a second, keys of requests, and missed calls.
/// </summary>
internal sealed class Pruner(IServiceScopeFactory scopes, IOptions<PacerOptions> options, TimeProvider clock, ILogger<Pruner> log)
    : TimedLoop("pruning of the ledger", TimeSpan.FromHours(1), clock, log)
{
    protected override async Task TurnAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PacerDbContext>();
        var now = Clock.GetUtcNow();
        DateTimeOffset decided = now - options.Value.KeepDecisions, used = now - options.Value.KeepCallKeys,
            missed = now - options.Value.KeepMissedCalls;
        await db.Decisions.Where(d => d.At < decided).ExecuteDeleteAsync(cancel);
        await db.CallKeys.Where(k => k.UsedAt <= used).ExecuteDeleteAsync(cancel);
        await db.LeadKeys.Where(k => k.UsedAt <= used).ExecuteDeleteAsync(cancel);
        await db.MissedCalls.Where(m => m.State != MissedCallStates.Waiting && m.DecidedAt < missed).ExecuteDeleteAsync(cancel);
    }
}
