using Microsoft.EntityFrameworkCore;

namespace Outdial.AgentRouter.Calls.Inbound;

/// <summary>The statements about calls that came in for which EF has no words: those that lock.</summary>
internal static class InboundRows
{
    public static IQueryable<InboundCall> Locked(this DbSet<InboundCall> calls, string account, string callId) =>
        calls.FromSql($"select * from inbound_calls where account = {account} and provider_call_id = {callId} for update");

    /// <summary>The one that is overdue longest.</summary>
    public static IQueryable<InboundCall> Overdue(this DbSet<InboundCall> calls, DateTimeOffset now) => calls.FromSql(
        $"select * from inbound_calls where state <> 'Over' and deadline_at <= {now} order by deadline_at limit 1 for update skip locked");
}
