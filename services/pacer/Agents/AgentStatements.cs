using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Agents;

/// <summary>The statements about agents that are said in several places.</summary>
internal static class AgentStatements
{
    /// <summary>For a sentence: the name that the router told last of the agent, or the id where it told none.</summary>
    /// <param name="session">The session that it happened in, by which it is found at once; null: not known.</param>
    public static async Task<string> NameOfAgent(this PacerDbContext db, Guid agent, Guid? session, CancellationToken cancel)
    {
        var name = await db.AgentSessions.Where(s => session == null ? s.AgentId == agent && s.AgentName != null : s.SessionId == session)
            .OrderByDescending(s => s.SeenAt).Select(s => s.AgentName).FirstOrDefaultAsync(cancel);
        return name is null ? $"agent {agent}" : $"agent {name} ({agent})";
    }
}
