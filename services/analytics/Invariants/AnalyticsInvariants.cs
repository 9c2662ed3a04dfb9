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
                  and not exists (select from agent_stretches n where n.session_id = s.session_id and n.sequence > s.sequence
                and n.from_at < f.ended_at))
            """),
        Rows("ended-before-it-began", "A call of the last hour ended, was answered or was connected before it began, or ended before that.",
            """
            select attempt_id as id from call_facts
            where recorded_at > @now - interval '1 hour'
              and (least(ended_at, answered_at, queued_at, connected_at) < started_at
                or ended_at < greatest(answered_at, connected_at) or connected_at < answered_at)
            """),
        Rows("negative-duration", "A call of the last hour was talked in for less than no time.",
            """
            select attempt_id as id from call_facts
            where recorded_at > @now - interval '1 hour' and least(talk_time, detail_talk_time, detail_duration) < interval '0'
            union all
            select inbound_id as id from inbound_calls
            where started_at > @now - interval '1 hour'
              and (talk_time < interval '0' or ended_at < greatest(started_at, connected_at) or connected_at < started_at)
            """),
    ];

    private static Invariant Rows(string name, string description, string sql) => Invariant.Rows<AnalyticsDbContext>(name, description, sql);
}
