using Outdial.Analytics.Data;
using Outdial.Platform;

namespace Outdial.Analytics.Invariants;

/// <summary>What must never be so in the facts.</summary>
internal static class AnalyticsInvariants
{
    public static IReadOnlyList<Invariant> All { get; } =
    [
        Rows("abandoned-while-agent-idle", "Within the last hour a person who had answered was dropped while an agent of the campaign, with its skill, was free all along.",
            """
            select f.attempt_id as id from call_facts f left join campaigns c using (campaign_id)
            where f.dropped and f.recorded_at > @now - interval '1 hour' and f.ended_at > f.answered_at
              and exists (
                select from agent_stretches s
                where s.campaigns @> array[f.campaign_id] and s.state = 'Ready' and s.from_at <= f.answered_at
                  and (c.skill is null or c.skill = any(s.skills))
                  and not exists (select from agent_stretches n where n.session_id = s.session_id and n.sequence > s.sequence and n.from_at < f.ended_at))
            """),
        Rows("ended-before-it-began", "A call of the last hour ended before it was answered.",
            "select attempt_id as id from call_facts where recorded_at > @now - interval '1 hour' and ended_at < answered_at"),
    ];

    private static Invariant Rows(string name, string description, string sql) => Invariant.Rows<AnalyticsDbContext>(name, description, sql);
}
