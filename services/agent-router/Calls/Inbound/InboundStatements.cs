using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Trunks;

namespace Outdial.AgentRouter.Calls.Inbound;

/// <summary>The statements about calls that came in for which EF has no words: those that lock, and those that may come twice.</summary>
internal static class InboundStatements
{
    public static IQueryable<InboundCall> Locked(this DbSet<InboundCall> calls, string account, string callId) =>
        calls.FromSql($"select * from inbound_calls where account = {account} and provider_call_id = {callId} for update");

    /// <summary>The one that is overdue longest.</summary>
    public static IQueryable<InboundCall> Overdue(this DbSet<InboundCall> calls, DateTimeOffset now) => calls.FromSql(
        $"select * from inbound_calls where state <> 'Over' and deadline_at <= {now} order by deadline_at limit 1 for update skip locked");

    /// <summary>Whoever counts the calls of an account, to take one more or not, does so alone until its transaction ends.</summary>
    public static Task CountInboundAlone(this RouterDbContext db, string account, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({"inbound " + account}, 0))", cancel);

    public static Task AddInboundCall(
        this RouterDbContext db, DialWhomRequest request, Did did, DateTimeOffset now, DateTimeOffset deadline, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into inbound_calls (id, account, provider_call_id, number, did, campaign_id, state, tried, started_at, deadline_at)
            values ({Guid.CreateVersion7(now)}, {request.Account}, {request.CallId}, {request.From}, {did.Number}, {did.CampaignId},
              {InboundStates.Waiting}, {Array.Empty<Guid>()}, {now}, {deadline})
            on conflict (account, provider_call_id) do nothing
            """, cancel);
}
