using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Agents;

/// <summary>The statements on <c>agent_lines</c>.</summary>
internal static class AgentLineStatements
{
    /// <summary>Writes the line's row. False when another delivery wrote it first: then the line is not ours.</summary>
    public static async Task<bool> TryAddLine(
        this PacerDbContext db, OpenAgentLine order, string state, string? reason, DateTimeOffset now, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into agent_lines (line_id, session_id, agent_id, account, state, submitted_at, reason)
            values ({order.LineId}, {order.SessionId}, {order.AgentId}, {order.Account}, {state}, {now}, {reason}) on conflict do nothing
            """, cancel) == 1;

    /// <summary>Nobody tells any more whether it was opened.</summary>
    public static Task DoubtLine(this PacerDbContext db, Guid line, string why, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        update agent_lines set state = {AgentLineStates.Uncertain}, reason = {why}
        where line_id = {line} and state = {AgentLineStates.Submitting}
        """, cancel);
}
