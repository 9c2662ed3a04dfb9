using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Customers;
using Outdial.AgentRouter.Data;
using Outdial.Platform;

namespace Outdial.AgentRouter.Inbound;

/// <summary>Ends calls of which nothing was heard in time, by what is known of them, and forgets old ones.</summary>
internal sealed class InboundSweep(IServiceScopeFactory scopes, IOptions<RouterOptions> options, TimeProvider clock, ILogger<InboundSweep> log)
    : TimedLoop("sweep of inbound calls", options.Value.SweepInterval, clock, log)
{
    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(10);

    private DateTimeOffset _pruned;

    protected override bool TurnsAtStart => true;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        while (await Next(cancel))
        {
        }
        if (Clock.GetUtcNow() - _pruned >= PruneInterval)
        {
            _pruned = Clock.GetUtcNow();
            await Prune(cancel);
        }
    }

    /// <summary>Ends the one that is overdue longest. False when none is.</summary>
    private async Task<bool> Next(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<RouterDbContext>();
        var now = Clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var call = await db.Set<InboundCall>().FromSql(
            $"select * from inbound_calls where state <> {InboundStates.Over} and deadline_at <= {now} order by deadline_at limit 1 for update skip locked")
            .SingleOrDefaultAsync(cancel);
        if (call is null)
            return false;
        await scope.ServiceProvider.GetRequiredService<InboundDesk>().End(call, "nothing was heard of it", now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task Prune(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<RouterDbContext>();
        var now = Clock.GetUtcNow();
        var before = now - options.Value.Keep;
        // An attempt whose end was never told is longer than any call.
        await db.Database.ExecuteSqlAsync($"update customer_calls set over_at = {now} where over_at is null and placed_at < {now - CustomerCall.LongestLife}", cancel);
        await db.Database.ExecuteSqlAsync($"delete from customer_calls where over_at is not null and placed_at < {before}", cancel);
        await db.Database.ExecuteSqlAsync($"delete from inbound_calls where state = {InboundStates.Over} and started_at < {before}", cancel);
    }
}
