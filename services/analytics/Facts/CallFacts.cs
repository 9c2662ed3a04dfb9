using Microsoft.EntityFrameworkCore;
using Outdial.Analytics.Data;
using Outdial.Contracts;

namespace Outdial.Analytics.Facts;

/// <summary>
/// Folds events into the fact row of their attempt. The row is the same whatever the order of the events and however
/// often each comes:
/// what the end of the attempt says stands until it is told anew; the start fills what the end left blank; of the provider's
/// records the latest that has a value gives it, and of two equally late ones the larger value.
/// Each event is one statement, so that no two of them can lose each other's facts.
/// </summary>
internal sealed class CallFacts(AnalyticsDbContext db, TimeProvider clock)
{
    public Task RecordAsync(AttemptStarted started, CancellationToken cancel)
    {
        var at = started.OccurredAt.ToUniversalTime();
        return db.Database.ExecuteSqlAsync($"""
            insert into call_facts as fact (
              attempt_id, campaign_id, lead_id, account, attempt_number, caller_id, caller_id_circle, circle, started_at, mode)
            values (
              {started.AttemptId}, {started.CampaignId}, {started.LeadId}, {started.Account}, {started.AttemptNumber},
              {started.CallerId}, {started.CallerIdCircle}, {started.Circle}, {at}, {started.Mode})
            on conflict (attempt_id) do update set
              lead_id = coalesce(fact.lead_id, excluded.lead_id),
              attempt_number = coalesce(fact.attempt_number, excluded.attempt_number),
              caller_id = coalesce(fact.caller_id, excluded.caller_id),
              caller_id_circle = coalesce(fact.caller_id_circle, excluded.caller_id_circle),
              circle = coalesce(fact.circle, excluded.circle),
              started_at = coalesce(fact.started_at, excluded.started_at),
              mode = coalesce(fact.mode, excluded.mode)
            """, cancel);
    }

    /// <returns>True when the row took this end; false when it had one that stands.</returns>
    public async Task<bool> RecordAsync(AttemptEnded ended, CancellationToken cancel)
    {
        var startedAt = ended.StartedAt.ToUniversalTime();
        var answeredAt = ended.AnsweredAt?.ToUniversalTime();
        var queuedAt = ended.QueuedAt?.ToUniversalTime();
        var connectedAt = ended.ConnectedAt?.ToUniversalTime();
        var endedAt = ended.OccurredAt.ToUniversalTime();
        var hour = LocalHours.Of(ended.StartedAt, ended.TimeZone);
        var now = clock.GetUtcNow();

        return await db.Database.ExecuteSqlAsync($"""
            insert into call_facts as fact (
              attempt_id, campaign_id, lead_id, account, provider_call_id, attempt_number, caller_id, caller_id_circle, circle,
              started_at, answered_at, ended_at, outcome, dialed, source, time_zone, local_hour, talk_time, recorded_at,
              mode, answered_by, queued_at, connected_at, agent_id, dropped, end_revision)
            values (
              {ended.AttemptId}, {ended.CampaignId}, {ended.LeadId}, {ended.Account}, {ended.ProviderCallId}, {ended.AttemptNumber},
              {ended.CallerId}, {ended.CallerIdCircle}, {ended.Circle}, {startedAt}, {answeredAt}, {endedAt}, {ended.Outcome},
              {ended.Dialed}, {ended.Source}, {ended.TimeZone}, {hour}, {ended.TalkTime}, {now},
              {ended.Mode}, {ended.AnsweredBy}, {queuedAt}, {connectedAt}, {ended.AgentId}, {ended.Dropped}, {ended.Revision})
            on conflict (attempt_id) do update set
              lead_id = excluded.lead_id,
              provider_call_id = coalesce(excluded.provider_call_id, fact.provider_call_id),
              attempt_number = excluded.attempt_number,
              caller_id = excluded.caller_id,
              caller_id_circle = coalesce(excluded.caller_id_circle, fact.caller_id_circle),
              circle = coalesce(excluded.circle, fact.circle),
              started_at = excluded.started_at,
              answered_at = excluded.answered_at,
              ended_at = excluded.ended_at,
              outcome = excluded.outcome,
              dialed = excluded.dialed,
              source = excluded.source,
              time_zone = excluded.time_zone,
              local_hour = excluded.local_hour,
              talk_time = excluded.talk_time,
              recorded_at = excluded.recorded_at,
              mode = coalesce(excluded.mode, fact.mode),
              answered_by = excluded.answered_by,
              queued_at = excluded.queued_at,
              connected_at = excluded.connected_at,
              agent_id = excluded.agent_id,
              dropped = excluded.dropped,
              end_revision = excluded.end_revision
            where fact.outcome is null or excluded.end_revision > fact.end_revision
               or (0 in (fact.end_revision, excluded.end_revision) and (fact.source = {EndSources.Inferred} or fact.outcome = {Outcomes.Unknown})
                   and excluded.source <> {EndSources.Inferred} and excluded.outcome <> {Outcomes.Unknown})
            """, cancel) > 0;
    }

    public Task RecordAsync(CallDetailed detailed, CancellationToken cancel)
    {
        var at = detailed.OccurredAt.ToUniversalTime();
        DateTimeOffset? talkTimeAt = detailed.TalkTime is null ? null : at;
        DateTimeOffset? durationAt = detailed.Duration is null ? null : at;
        DateTimeOffset? priceAt = detailed.Price is null ? null : at;

        // A value without its instant would win or lose by chance, so a blank never carries one and always sorts last.
        return db.Database.ExecuteSqlAsync($"""
            insert into call_facts as fact (
              attempt_id, campaign_id, account, provider_call_id, detail_talk_time, detail_talk_time_at,
              detail_duration, detail_duration_at, detail_price, detail_price_at)
            values (
              {detailed.AttemptId}, {detailed.CampaignId}, {detailed.Account}, {detailed.ProviderCallId}, {detailed.TalkTime},
              {talkTimeAt}, {detailed.Duration}, {durationAt}, {detailed.Price}, {priceAt})
            on conflict (attempt_id) do update set
              provider_call_id = coalesce(fact.provider_call_id, excluded.provider_call_id),
              (detail_talk_time, detail_talk_time_at) = (select winner.* from (values
                (fact.detail_talk_time, fact.detail_talk_time_at), (excluded.detail_talk_time, excluded.detail_talk_time_at)) as winner (said, at)
                order by winner.at desc nulls last, winner.said desc nulls last limit 1),
              (detail_duration, detail_duration_at) = (select winner.* from (values
                (fact.detail_duration, fact.detail_duration_at), (excluded.detail_duration, excluded.detail_duration_at)) as winner (said, at)
                order by winner.at desc nulls last, winner.said desc nulls last limit 1),
              (detail_price, detail_price_at) = (select winner.* from (values
                (fact.detail_price, fact.detail_price_at), (excluded.detail_price, excluded.detail_price_at)) as winner (said, at)
                order by winner.at desc nulls last, winner.said desc nulls last limit 1)
            """, cancel);
    }
}
