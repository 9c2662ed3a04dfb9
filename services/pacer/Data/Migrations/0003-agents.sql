-- Campaigns with agents: attempts that are offered to the hopper, call-backs, agents' sessions and lines.

alter table attempts
  add mode text,                            -- the campaign's: notification, progressive, preview, power, triggered
  add session_id uuid,                      -- the agent's session over whose line it was dialed
  add agent_id uuid,                        -- who talked, or for whom it was dialed
  add offered_at timestamptz,               -- agent-first: when it went into the hopper; requested_at is then when it was dialed
  add queued_at timestamptz,                -- the answered lead began to wait for an agent
  add dequeued_at timestamptz,
  add provisional_ended_at timestamptz,     -- a final word that is not to be taken at its word, and when it was said
  add dropped boolean not null default false,   -- a person answered and heard no agent within the campaign's limit
  add disposition text,                     -- what the agent said came of it: a code of the campaign
  add note text;
update attempts a set mode = c.mode from campaigns c where c.id = a.campaign_id;
alter table attempts alter mode set not null;

-- All leads of an agent's line share the line's call at the provider.
drop index attempts_provider_call;
create unique index attempts_provider_call on attempts (account, provider_call_id)
  where provider_call_id is not null and mode not in ('progressive', 'preview');
create index attempts_offered on attempts (campaign_id) where state = 'Offered';

alter table leads
  add call_back_at timestamptz,             -- promised by an agent, or owed after a missed call: dialed then, whatever the redial policy says
  add call_back_agent_id uuid,              -- the agent's own; null: anyone's
  add call_back_note text,
  add disposition text,                     -- the last one
  add note text;
create index leads_call_back on leads (campaign_id, due_at) where state = 'Waiting' and call_back_at is not null;

alter table campaign_pulses add queue_low_since timestamptz;   -- since when the queue of answered leads has been short enough to go on

-- The pacer's copy of the agents' sessions, as the router tells them.
create table agent_sessions (
  session_id uuid primary key,
  agent_id uuid not null,
  agent_name text,
  sequence bigint not null,                 -- of two words the one with the higher number is newer
  state text not null,                      -- AgentStates
  reach text not null,                      -- line, phone
  campaigns uuid[] not null,
  seen_at timestamptz not null              -- when the router last spoke of it
);
create index agent_sessions_campaigns on agent_sessions using gin (campaigns) where state <> 'Ended';

-- One row per agent's line, written before the provider hears of it: at most one request is made for a line.
create table agent_lines (
  line_id uuid primary key,
  session_id uuid not null,
  agent_id uuid not null,
  account text not null,
  state text not null,                      -- Submitting, Opened, Failed, Uncertain
  submitted_at timestamptz not null,
  provider_call_id text,
  reason text                               -- why it was not opened
);
create index agent_lines_submitted on agent_lines (submitted_at);
