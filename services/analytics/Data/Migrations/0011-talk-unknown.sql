-- How long people talked, where no word of the provider tells it: from the connection to the end, as we saw both. An end that was not told, but found by
-- asking for calls of which nothing was heard, tells no talk. Which of them it is, is said.
create or replace view call_sums as
select attempt_id, campaign_id, lead_id, attempt_number, caller_id, caller_id_circle, circle, started_at, answered_at, ended_at,
       outcome, dialed, source, time_zone, local_hour,
       case when talk_time is null and detail_talk_time is null and outcome = 'Completed' and source not in ('reconciliation', 'inferred')
              then greatest(ended_at - connected_at, interval '0')
            else coalesce(talk_time, detail_talk_time) end as talk_time,
       detail_duration as duration, detail_price as price,
       case when caller_id_circle is null then 'none' when circle is null then 'unknown'
            when circle = caller_id_circle then 'yes' else 'no' end as circle_match,
       mode, answered_by, queued_at, connected_at, agent_id, dropped,
       case when coalesce(talk_time, detail_talk_time) is not null then 'told'
            when outcome = 'Completed' and connected_at is not null and source not in ('reconciliation', 'inferred') then 'seen'
            when outcome = 'Completed' then 'unknown' end as talk_source
from call_facts;
