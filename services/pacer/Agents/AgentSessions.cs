using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Agents;

/// <summary>
/// The agents of one campaign at one instant, by what they do. Agents on a break are signed in and not at work; neither are those whose phone was not
/// picked up a moment ago.
/// </summary>
/// <param name="SignedIn">All whose session is open and of whom something was heard lately.</param>
/// <param name="Busy">With a lead: previewing, dialing, talking or wrapping up.</param>
internal sealed record AgentCounts(int SignedIn, int Ready, int Busy, int Paused)
{
    /// <summary>Those who take leads now or when they are through with the one at hand.</summary>
    public int AtWork => SignedIn - Paused;
}

/// <summary>What the pacer knows of agents' sessions.</summary>
internal sealed class AgentSessions(PacerDbContext db, IOptions<PacerOptions> options)
{
    /// <param name="reach">One of <see cref="AgentReach"/>: only those who are reached so.</param>
    /// <param name="skill">Only those who have it; null: all.</param>
    public Task<AgentCounts> Count(Guid campaign, string reach, string? skill, DateTimeOffset now, CancellationToken cancel)
    {
        var heardSince = now - options.Value.AgentSilence;
        return db.Database.SqlQuery<AgentCounts>(
            $"""
            select count(*)::int as signed_in,
              count(*) filter (where state = {AgentStates.Ready})::int as ready,
              count(*) filter (where state in ({AgentStates.Previewing}, {AgentStates.Dialing}, {AgentStates.OnCall},
                {AgentStates.WrapUp}))::int as busy,
              count(*) filter (where state in ({AgentStates.Paused}, {AgentStates.Resting}))::int as paused
            from agents_present({campaign}, {reach}, {skill}::text, {heardSince})
            """).SingleAsync(cancel);
    }

    /// <summary>Those who take leads of the campaign's hopper.</summary>
    public Task<AgentCounts> OnLines(Campaign campaign, DateTimeOffset now, CancellationToken cancel) =>
        Count(campaign.CorrelationId, AgentReach.Line, campaign.Rules.Agents?.Skill, now, cancel);

    /// <summary>
    /// What the campaign has of its agents at work: one who takes leads of several running campaigns over the same line counts for each in part.
    /// </summary>
    public Task<double> Share(Guid campaign, string? skill, DateTimeOffset now, CancellationToken cancel)
    {
        var heardSince = now - options.Value.AgentSilence;
        return db.Database.SqlQuery<double>(
            $"""
            select coalesce(sum(1.0 / greatest(1, (
              select count(*) from campaigns c
              where c.id = any(s.campaigns) and c.state = {CampaignStates.Running}
                and c.mode in ({CampaignModes.Progressive}, {CampaignModes.Preview})))), 0)::float8 as "Value"
            from agents_present({campaign}, {AgentReach.Line}, {skill}::text, {heardSince}) s
            where s.state not in ({AgentStates.Paused}, {AgentStates.Resting})
            """).SingleAsync(cancel);
    }

    /// <summary>The agents of the campaign who are at work, for whom personal call-backs wait; null: it is one without agents.</summary>
    public async Task<HashSet<Guid>?> ForCallBacks(Campaign campaign, DateTimeOffset now, CancellationToken cancel) =>
        CampaignModes.HasAgents(campaign.Mode)
            ? await AtWork(campaign.CorrelationId, CampaignModes.IsAgentFirst(campaign.Mode) ? AgentReach.Line : AgentReach.Phone,
                campaign.Rules.Agents?.Skill, now, cancel)
            : null;

    /// <summary>The agents of the campaign who take leads, by id.</summary>
    public async Task<HashSet<Guid>> AtWork(Guid campaign, string reach, string? skill, DateTimeOffset now, CancellationToken cancel)
    {
        var heardSince = now - options.Value.AgentSilence;
        return [.. await db.Database.SqlQuery<Guid>(
            $"""
            select distinct agent_id as "Value" from agents_present({campaign}, {reach}, {skill}::text, {heardSince})
              where state <> {AgentStates.Paused}
            """).ToListAsync(cancel)];
    }

    /// <summary>
    /// Keeps one word about a session, unless a newer one is known. An ended session keeps its row for a while, so that a late
    /// word about it does not bring it back.
    /// </summary>
    public Task Keep(
        Guid session, Guid agent, string? name, long sequence, string state, string reach, IEnumerable<Guid> campaigns, IEnumerable<string>? skills,
        DateTimeOffset at, CancellationToken cancel)
    {
        var ids = campaigns.Distinct().ToArray();
        var known = skills?.ToArray();
        return db.Database.ExecuteSqlAsync(
            $"""
            insert into agent_sessions as known (session_id, agent_id, agent_name, sequence, state, reach, campaigns, skills, seen_at)
            values ({session}, {agent}, {name}, {sequence}, {state}, {reach}, {ids}, {known}, {at})
            on conflict (session_id) do update set agent_name = coalesce(excluded.agent_name, known.agent_name), sequence = excluded.sequence,
              state = excluded.state, reach = excluded.reach, campaigns = excluded.campaigns, skills = excluded.skills,
                seen_at = greatest(excluded.seen_at, known.seen_at)
            where excluded.sequence > known.sequence or (excluded.sequence = known.sequence and excluded.seen_at >= known.seen_at)
            """, cancel);
    }

    /// <summary>Sessions that were not told any more, and have not been heard of since, are over.</summary>
    public async Task EndOthers(Guid[] present, DateTimeOffset toldAt, TimeSpan forgetAfter, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync(
            $"update agent_sessions set state = 'Ended' where state <> 'Ended' and seen_at < {toldAt} and session_id <> all({present})", cancel);
        var forgotten = toldAt - forgetAfter;
        await db.Database.ExecuteSqlAsync($"delete from agent_sessions where state = 'Ended' and seen_at < {forgotten}", cancel);
    }
}
