-- Agents, their sessions, and the leads that are ready to be dialed. Who may change a row: whoever holds its lock.
-- Locks are taken in this order: session, then hopper, then agent.

-- What the pacer told of its campaigns with agents; the higher version is newer.
create table campaigns (
  id uuid primary key,
  version bigint not null,
  name text not null,
  account text not null,
  mode text not null,                       -- progressive, preview, power
  state text not null,                      -- nothing is dialed in any but Running
  purpose text not null,
  answer_form text not null,                -- text, json
  record boolean not null,
  ring_timeout interval not null,
  max_conversation interval,
  wrap_up interval not null,
  preview_time interval not null,
  skill text,
  dispositions jsonb not null,
  changed_at timestamptz not null
);

create table agents (
  id uuid primary key,
  name text not null,
  phone text not null,                      -- E.164
  skills text[] not null,
  campaigns uuid[] not null,
  account text not null,
  events bigint not null default 0,         -- number of the newest event of this agent's stream
  created_at timestamptz not null,
  created_by text not null,
  removed_at timestamptz
);
create unique index agents_phone on agents (phone) where removed_at is null;

create table sessions (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  agent_name text not null,
  phone text not null,                      -- E.164, as it was at sign-in
  account text not null,
  reach text not null,                      -- line, phone
  campaigns uuid[] not null,
  skills text[] not null,
  state text not null,
  reason text,                              -- why it is in this state
  sequence bigint not null,                 -- 1, 2, 3 … with each change of state
  state_since timestamptz not null,
  deadline_at timestamptz,                  -- nobody stays in this state past it
  attempt_id uuid,                          -- the lead at hand: shown, dialed, talked to, or just talked to
  campaign_id uuid,
  line_id uuid,                             -- the line as we ordered it
  line_call_id text,                        -- the provider's id of it
  line_asked_at timestamptz,                -- when it last asked, by the provider's clock
  line_silent_at timestamptz,               -- a line that has not been heard of by then is gone
  line_let_go boolean not null default false,   -- the last answer ends the line; that is no hanging up
  wants_sign_out boolean not null default false,
  wants_pause text,                         -- the reason of a break that begins after the call
  started_at timestamptz not null,
  ended_at timestamptz
);
create unique index sessions_one_open on sessions (agent_id) where state <> 'Ended';
create index sessions_line on sessions (account, line_call_id) where state <> 'Ended';
create index sessions_phone on sessions (phone) where state <> 'Ended';
create index sessions_line_id on sessions (line_id);
create index sessions_deadline on sessions (deadline_at) where state <> 'Ended';
create index sessions_silent on sessions (line_silent_at) where state <> 'Ended';

-- One row per offered attempt: it waits, is shown (preview), is dialed by one line, is over; or went back.
create table hopper (
  attempt_id uuid primary key,
  campaign_id uuid not null,
  lead_id uuid not null,
  number text not null,                     -- E.164
  caller_id text not null,
  priority int not null,
  due_at timestamptz not null,
  dial_until timestamptz not null,
  agent_id uuid,                            -- only this agent dials it
  lead jsonb not null,                      -- OfferedLead, whole
  state text not null,                      -- Waiting, Shown, Taken, Over, Returned
  offered_at timestamptz not null,
  session_id uuid,
  dialed_by uuid,                           -- the agent
  account text,
  provider_call_id text,                    -- the line's
  shown_at timestamptz,
  accepted_at timestamptz,
  taken_at timestamptz,
  asked_at timestamptz,                     -- when the line asked that got it; this and what follows by the provider's clock
  dialing_at timestamptz,
  ringing_at timestamptz,
  answered_at timestamptz,
  released_at timestamptz,                  -- this dialing is over
  nobody_at timestamptz,                    -- the flow says that it dialed nobody
  ended_at timestamptz,
  talk_time interval,
  cause int,
  cause_name text,
  recording_url text,
  raw_status text,
  told_outcome text,                        -- the Passthru's word
  outcome text,                             -- the one that was published
  settle_at timestamptz,                    -- published then from what is known
  over_at timestamptz,
  returned_reason text,
  skipped_by uuid
);
create index hopper_waiting on hopper (campaign_id, priority desc, due_at, attempt_id) where state = 'Waiting';
create index hopper_personal on hopper (agent_id) where state = 'Waiting' and agent_id is not null;
create index hopper_until on hopper (dial_until) where state = 'Waiting';
create index hopper_number on hopper (number) where state = 'Waiting';
create index hopper_settle on hopper (settle_at) where state = 'Taken' and settle_at is not null;
create index hopper_line on hopper (account, provider_call_id) where provider_call_id is not null;
create index hopper_offered on hopper (offered_at);

-- The pacer's list, copied. A lifted row stays, so that an older word that comes late does not undo a newer one.
create table suppressions (
  number text not null,
  scope text not null,                      -- all, or a purpose
  lifted boolean not null,
  at timestamptz not null,
  primary key (number, scope)
);

-- What an agent's screen is told, numbered per agent under the agent's row lock: whoever reads on from a number misses nothing.
create table agent_events (
  agent_id uuid not null references agents (id),
  sequence bigint not null,
  at timestamptz not null,
  kind text not null,
  body jsonb not null,
  primary key (agent_id, sequence)
);
create index agent_events_at on agent_events (at);

create table dispositions (
  attempt_id uuid primary key,
  campaign_id uuid not null,
  lead_id uuid not null,
  agent_id uuid not null,
  code text,
  note text,
  call_back_at timestamptz,
  personal boolean not null,
  at timestamptz not null
);
create index dispositions_campaign on dispositions (campaign_id, at);

-- Who dialed a person last: whoever calls back is led there first.
create table last_agents (
  number text primary key,                  -- E.164
  agent_id uuid not null,
  campaign_id uuid not null,
  attempt_id uuid not null,
  lead_id uuid not null,
  at timestamptz not null
);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  who text not null,
  action text not null,
  agent_id uuid,
  session_id uuid,
  from_state text,
  reason text
);
create index audit_at on audit (at);

-- The routers that live; the last one gives the waiting leads back when it stops.
create table instances (
  id uuid primary key,
  started_at timestamptz not null,
  seen_at timestamptz not null
);

-- What one router does for all, and when it was last done.
create table duties (
  name text primary key,
  done_at timestamptz not null
);
