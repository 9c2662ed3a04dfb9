-- One row per attempt. Every column is decided by the events themselves, never by the order they came in:
-- see services/analytics/Facts/CallFacts.cs for the rule of each.
create table call_facts (
  attempt_id        uuid primary key,
  campaign_id       uuid not null,
  lead_id           uuid,
  account           text not null,
  provider_call_id  text,
  attempt_number    integer,
  caller_id         text,
  caller_id_circle  text,
  circle            text,
  started_at        timestamptz,
  answered_at       timestamptz,
  ended_at          timestamptz,
  outcome           text,
  dialed            boolean,
  source            text,
  time_zone         text,
  -- Hour of the day, 0 to 23, at which the call was started in the lead's own zone; null until it ended.
  local_hour        smallint check (local_hour between 0 and 23),
  -- As the event that ended the attempt said it.
  talk_time         interval,
  -- As the provider's records said it afterwards, each with the instant of the record it was read from.
  detail_talk_time     interval,
  detail_talk_time_at  timestamptz,
  detail_duration      interval,
  detail_duration_at   timestamptz,
  detail_price         numeric(14, 4),
  detail_price_at      timestamptz,
  -- When this service learned the outcome.
  recorded_at       timestamptz,
  constraint terminal_is_whole check (outcome is null or (ended_at is not null and dialed is not null and recorded_at is not null))
);

-- The last attempts of a campaign, newest first: the watched window.
create index call_facts_window on call_facts (campaign_id, ended_at desc, attempt_id desc) where dialed;

-- How many attempts ended since the last advice.
create index call_facts_recorded on call_facts (campaign_id, recorded_at) where dialed;

create index call_facts_campaign on call_facts (campaign_id);

-- What the reports add up.
create view call_sums as
select attempt_id, campaign_id, lead_id, attempt_number, caller_id, caller_id_circle, circle, started_at, answered_at, ended_at,
       outcome, dialed, source, time_zone, local_hour,
       coalesce(talk_time, detail_talk_time) as talk_time, detail_duration as duration, detail_price as price,
       case when caller_id_circle is null then 'none' when circle is null then 'unknown'
            when circle = caller_id_circle then 'yes' else 'no' end as circle_match
from call_facts;
