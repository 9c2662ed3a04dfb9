using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Agents;

/// <summary>What agents' lines take of an account's concurrent calls. Counted from rows.</summary>
internal sealed class AgentLines(PacerDbContext db, IOptions<PacerOptions> options)
{
    /// <summary>No line lives longer.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    /// <summary>
    /// One place for each session that had a line ordered and is open, as far as was heard lately: a session whose line is closed between two
    /// leads keeps its place. A line of which the session is not known yet counts until its phone would have been given up.
    /// </summary>
    public Task<int> Open(string account, DateTimeOffset now, CancellationToken cancel)
    {
        var (since, heardSince, orderedSince) = (now - LongestLife, now - options.Value.AgentSilence, now - options.Value.AnswerDeadline);
        return db.Database.SqlQuery<int>(
            $"""
            select count(distinct l.session_id)::int as "Value" from agent_lines l left join agent_sessions s on s.session_id = l.session_id
            where l.account = {account} and l.state <> {AgentLineStates.Failed} and l.submitted_at > {since}
              and case when s.session_id is null then l.submitted_at > {orderedSince} else s.state <> {AgentStates.Ended}
                and s.seen_at > {heardSince} end
            """).SingleAsync(cancel);
    }
}
