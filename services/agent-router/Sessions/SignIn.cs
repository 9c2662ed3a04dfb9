using Microsoft.EntityFrameworkCore;
using Npgsql;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.AgentRouter.Sessions;

/// <summary>Opens an agent's session: rings the agent's phone for a line, or counts on ringing it for each customer.</summary>
internal sealed class SignIn(RouterDbContext db, SessionChanges sessions, AccountSettings accounts, TimeProvider clock)
{
    /// <summary>What came of it; exactly one is set.</summary>
    /// <param name="Refusal">Why not, in a sentence.</param>
    public sealed record Result(Session? Session, string? Refusal, bool Unknown = false);

    /// <param name="reach">One of <see cref="AgentReach"/>; null: a line when a campaign of the agent is dialed over lines.</param>
    public async Task<Result> Open(Guid agentId, string? reach, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var agent = await db.Agents.AsNoTracking().SingleOrDefaultAsync(a => a.Id == agentId && a.RemovedAt == null, cancel);
        if (agent is null)
            return new(null, null, Unknown: true);
        if (await sessions.LockOpen(agentId, cancel) is { } open)
            return new(null, $"The agent is signed in already (state: {open.State}).");

        reach ??= await DefaultReach(agent.Campaigns, cancel);
        if (reach == AgentReach.Line && accounts.Find(agent.Account)?.AgentFlow is null)
            return new(null, $"The account '{agent.Account}' has no flow for agents' lines: set Accounts:{agent.Account}:AgentFlow, or sign in with reach 'phone'.");
        var now = clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            AgentId = agent.Id,
            AgentName = agent.Name,
            Phone = agent.Phone,
            Account = agent.Account,
            Reach = reach,
            Campaigns = [.. agent.Campaigns],
            Skills = [.. agent.Skills],
            StartedAt = now,
        };
        db.Sessions.Add(session);
        try
        {
            if (reach == AgentReach.Line)
                await sessions.OpenLine(session, "signed-in", cancel);
            else
                await sessions.Enter(session, AgentStates.Ready, "signed-in", null, cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return new(session, null);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new(null, "The agent is signed in already.");   // two sign-ins met; the index lets one through
        }
    }

    private async Task<string> DefaultReach(List<Guid> campaigns, CancellationToken cancel)
    {
        if (campaigns.Count == 0)
            return AgentReach.Phone;
        var modes = await db.Campaigns.AsNoTracking().Where(c => campaigns.Contains(c.Id)).Select(c => c.Mode).ToListAsync(cancel);
        return modes.Count < campaigns.Count || modes.Exists(CampaignModes.IsAgentFirst) ? AgentReach.Line : AgentReach.Phone;
    }
}
