using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;

namespace Outdial.AgentRouter.Screen;

/// <summary>Writes what an agent's screen is told. Only inside a transaction: the event's number is drawn under the agent's row lock.</summary>
internal sealed class AgentScreen(RouterDbContext db, TimeProvider clock)
{
    /// <param name="kind">One of <see cref="AgentEventKinds"/>.</param>
    /// <exception cref="InvalidOperationException">No transaction is open.</exception>
    public async Task Show(Guid agentId, string kind, object body, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("An agent's event is written in the transaction of what it tells.");
        var json = JsonSerializer.Serialize(body, JsonSerializerOptions.Web);
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            with next as (update agents set events = events + 1 where id = {agentId} returning events)
            insert into agent_events (agent_id, sequence, at, kind, body) select {agentId}, events, {now}, {kind}, {json}::jsonb from next
            """, cancel);
    }
}
