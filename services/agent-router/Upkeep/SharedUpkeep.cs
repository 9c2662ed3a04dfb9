using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Calls.Customers;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Telemetry;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Upkeep;

/// <summary>What one router does for all: tell who is there, remove what is old; and what each does for itself: say that it lives, count.</summary>
internal sealed class SharedUpkeep(
    RouterDbContext db, IOutbox<RouterDbContext> outbox, HopperIntake hopper, RouterInstance instance, RouterMetrics metrics,
    IOptions<RouterOptions> options, TimeProvider clock)
{
    private const int PrunedAtOnce = 10_000;

    /// <summary>The sweeps come every second or so: whoever is past a deadline for this long was forgotten.</summary>
    private static readonly TimeSpan LongOverdue = TimeSpan.FromMinutes(1);

    /// <summary>Tells all open sessions, if no router has within the interval.</summary>
    public async Task TellPresent(CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await Claim("presence", options.Value.PresenceInterval, cancel))
            return;
        var now = clock.GetUtcNow();
        var open = await db.Sessions.AsNoTracking().Where(s => s.State != AgentStates.Ended).OrderBy(s => s.Id).ToListAsync(cancel);
        await outbox.Publish(new AgentsPresent
        {
            EventId = Guid.CreateVersion7(now),
            Sessions = [.. open.Select(s => new PresentAgent(s.Id, s.AgentId, s.Sequence, s.State, s.Reach, s.Campaigns, s.Skills))],
            OccurredAt = now,
        }, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Removes what is older than is kept.</summary>
    public async Task Prune(CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await Claim("pruning", TimeSpan.FromMinutes(10), cancel))
            return;
        var now = clock.GetUtcNow();
        var before = now - options.Value.Keep;
        var sessionsBefore = now - options.Value.KeepSessions;
        var auditBefore = now - options.Value.KeepAudit;
        await db.Database.ExecuteSqlAsync(
            $"delete from agent_events where ctid in (select ctid from agent_events where at < {before} limit {PrunedAtOnce})", cancel);
        await db.Database.ExecuteSqlAsync(
            $"""
            delete from hopper where ctid in (
              select ctid from hopper where offered_at < {before} and state in ('Over', 'Returned') limit {PrunedAtOnce})
            """, cancel);
        await db.Database.ExecuteSqlAsync(
            $"""
            with old as (select id from sessions where state = 'Ended' and ended_at < {sessionsBefore} limit {PrunedAtOnce}),
              offers as (delete from agent_offers where session_id in (select id from old))
            delete from sessions where id in (select id from old)
            """, cancel);
        await db.Database.ExecuteSqlAsync(
            $"delete from last_agents where ctid in (select ctid from last_agents where at < {sessionsBefore} limit {PrunedAtOnce})", cancel);
        await db.Database.ExecuteSqlAsync(
            $"delete from audit where ctid in (select ctid from audit where at < {auditBefore} limit {PrunedAtOnce})", cancel);
        // An attempt whose end was never told is longer than any call.
        await db.Database.ExecuteSqlAsync(
            $"update customer_calls set over_at = {now} where over_at is null and placed_at < {now - CustomerCall.LongestLife}", cancel);
        await db.Database.ExecuteSqlAsync($"delete from customer_calls where over_at is not null and placed_at < {before}", cancel);
        await db.Database.ExecuteSqlAsync($"delete from inbound_calls where state = {InboundStates.Over} and started_at < {before}", cancel);
        await transaction.CommitAsync(cancel);
    }

    public async Task SayAlive(CancellationToken cancel)
    {
        if (instance.IsStopping)
            return;
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into instances (id, started_at, seen_at) values ({instance.Id}, {now}, {now})
            on conflict (id) do update set seen_at = excluded.seen_at
            """, cancel);
        await db.Database.ExecuteSqlAsync($"delete from instances where seen_at < {now - TimeSpan.FromDays(1)}", cancel);
    }

    public async Task Count(CancellationToken cancel)
    {
        await metrics.Turn.WaitAsync(cancel);
        try
        {
            metrics.Counted(await CountFloor(cancel));
        }
        catch
        {
            metrics.Forget();
            throw;
        }
        finally
        {
            metrics.Turn.Release();
        }
    }

    private async Task<CountedFloor> CountFloor(CancellationToken cancel)
    {
        var campaigns = await db.Campaigns.AsNoTracking().Where(c => c.State == CampaignStates.Running || c.State == CampaignStates.Paused)
            .OrderBy(c => c.Id).Take(SeriesNames.Most).Select(c => new NamedThing(c.Id, c.Account, c.Name)).ToListAsync(cancel);
        var waiting = await db.Hopper.Where(h => h.State == HopperStates.Waiting).GroupBy(h => h.CampaignId)
            .Select(g => new CountedCampaign(g.Key, g.LongCount())).ToListAsync(cancel);
        return new(campaigns, waiting, await db.CountAgentsOfCampaigns(cancel), await db.CountSessions(clock.GetUtcNow(), LongOverdue, cancel));
    }

    /// <summary>
    /// Signs this router off; the last one gives the waiting leads back, so that nobody's day is lost in a hopper that nobody empties.
    /// </summary>
    /// <returns>How many leads went back.</returns>
    public async Task<int> SignOff(CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        instance.IsStopping = true;
        var alive = clock.GetUtcNow() - options.Value.Heartbeat * 3;
        await db.Database.ExecuteSqlAsync($"delete from instances where id = {instance.Id}", cancel);
        var others = await db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from instances where seen_at > {alive}").SingleAsync(cancel);
        instance.IsDraining = others == 0;
        var returned = others == 0 ? await hopper.ReturnEverything("the router shut down", cancel) : 0;
        await transaction.CommitAsync(cancel);
        return returned;
    }

    /// <summary>True for the one router whose turn it is; the row's lock lasts as long as its transaction.</summary>
    private async Task<bool> Claim(string duty, TimeSpan interval, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return await db.Database.ExecuteSqlAsync(
            $"""
            insert into duties (name, done_at) values ({duty}, {now})
            on conflict (name) do update set done_at = excluded.done_at where duties.done_at <= {now - interval}
            """, cancel) == 1;
    }
}
