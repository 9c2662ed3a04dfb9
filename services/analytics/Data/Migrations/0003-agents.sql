-- What an attempt of a campaign with agents tells besides.
alter table call_facts
  add column mode          text,
  -- Who picked up, in the provider's word.
  add column answered_by   text,
  add column queued_at     timestamptz,
  add column connected_at  timestamptz,
  add column agent_id      uuid,
  -- Abandoned by the law's definition; null until it ended.
  add column dropped       boolean;

create index call_facts_with_agents on call_facts (campaign_id) where mode not in ('notification', 'triggered');

create or replace view call_sums as
select attempt_id, campaign_id, lead_id, attempt_number, caller_id, caller_id_circle, circle, started_at, answered_at, ended_at,
       outcome, dialed, source, time_zone, local_hour,
       coalesce(talk_time, detail_talk_time) as talk_time, detail_duration as duration, detail_price as price,
       case when caller_id_circle is null then 'none' when circle is null then 'unknown'
            when circle = caller_id_circle then 'yes' else 'no' end as circle_match,
       mode, answered_by, queued_at, connected_at, agent_id, dropped
from call_facts;

-- One row per state that an agent's session passed through, as it was told. It lasted until the next one that is known.
create table agent_stretches (
  session_id   uuid not null,
  sequence     bigint not null,
  agent_id     uuid not null,
  agent_name   text not null,
  state        text not null,
  reason       text,
  reach        text not null,
  -- The campaign of the lead at hand; null between leads, when the agent is there for all of campaigns.
  campaign_id  uuid,
  campaigns    uuid[] not null,
  attempt_id   uuid,
  from_at      timestamptz not null,
  primary key (session_id, sequence)
);

create index agent_stretches_campaign on agent_stretches (campaign_id) where campaign_id is not null;
create index agent_stretches_campaigns on agent_stretches using gin (campaigns);

-- When a session was there at all: the least and the greatest of what its stretches say, so that a report of one day reads no other's.
create table agent_sessions (
  session_id  uuid primary key,
  agent_id    uuid not null,
  first_at    timestamptz not null,
  ended_at    timestamptz
);

create index agent_sessions_ended on agent_sessions (ended_at);

-- Customers' calls to our numbers, when they are over.
create table inbound_calls (
  inbound_id    uuid primary key,
  account       text not null,
  did           text not null,
  outcome       text not null,
  campaign_id   uuid,
  agent_id      uuid,
  started_at    timestamptz not null,
  connected_at  timestamptz,
  ended_at      timestamptz not null,
  talk_time     interval
);

create index inbound_calls_started on inbound_calls (started_at);
create index inbound_calls_campaign on inbound_calls (campaign_id) where campaign_id is not null;
