-- The pacer's ledger. Every figure that is shown is a query over these rows; no counter is kept beside them.

create table campaigns (
  id uuid primary key,
  name text not null,
  mode text not null,                       -- notification, or triggered for the campaigns behind POST /calls
  purpose text not null,
  account text not null,
  state text not null,                      -- Draft, Scheduled, Running, Paused, Completed, Stopped
  version int not null default 0,
  rules jsonb not null,                     -- CampaignRules: window, redial policy, caps, completion watch, caller IDs
  created_at timestamptz not null,
  created_by text not null,
  scheduled_for timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  pause_reason text,
  pause_explanation text,
  paused_at timestamptz,
  paused_by text,
  paused_until timestamptz,                 -- an automatic pause is looked at again then
  rate_factor double precision not null default 1,   -- the completion-rate brake, in (0, 1]
  completion_rate double precision,         -- the last advice of analytics
  completion_attempts int not null default 0,
  completion_advised_at timestamptz
);
create unique index campaigns_one_triggered on campaigns (account, purpose) where mode = 'triggered';

-- Which campaign is looked at when. Apart from the campaign, so that pulses and the campaign's saga do not wait for each other.
create table campaign_pulses (
  campaign_id uuid primary key references campaigns (id) on delete cascade,
  next_at timestamptz,                      -- null: nothing left to do
  last_at timestamptz,
  last_calls int,
  last_code text,
  last_reason text
);
create index campaign_pulses_due on campaign_pulses (next_at) where next_at is not null;

create table imports (
  id uuid primary key,
  campaign_id uuid not null references campaigns (id) on delete cascade,
  state text not null,                      -- Running, Completed, Failed
  file_name text,
  format text not null,
  encoding text,
  rows bigint not null default 0,
  accepted bigint not null default 0,
  rejected bigint not null default 0,
  duplicates bigint not null default 0,
  failure text,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index imports_campaign on imports (campaign_id);

create table import_errors (
  import_id uuid not null references imports (id) on delete cascade,
  row bigint not null,                      -- 1 is the first line after the header
  ordinal int not null,                     -- several errors of one row
  field text not null,
  value text,                               -- cut at 200 characters; for correction by the uploader
  expected text not null,
  primary key (import_id, row, ordinal)
);

create table leads (
  id uuid primary key,
  campaign_id uuid not null references campaigns (id) on delete cascade,
  number text not null,                     -- E.164
  priority int not null default 0,          -- higher is dialed first
  time_zone text not null,                  -- IANA
  external_id text,
  attributes jsonb not null default '{}',
  state text not null default 'Waiting',    -- Waiting, Dialing; final: Completed, Exhausted, Barred, OptedOut, Invalid, Canceled
  due_at timestamptz not null,              -- not before
  attempts int not null default 0,          -- the number of the last attempt
  tries int not null default 0,             -- attempts that count against the caps
  last_outcome text,
  reason text not null default 'InQueue',   -- why it is not being dialed right now, or how it ended
  reason_text text,
  reason_at timestamptz,
  import_id uuid,
  import_row bigint,
  imported_at timestamptz not null,
  finished_at timestamptz,
  idempotency_key text                      -- only for single triggered calls
);
create unique index leads_once_per_campaign on leads (campaign_id, number) where idempotency_key is null;
create unique index leads_idempotency on leads (campaign_id, idempotency_key) where idempotency_key is not null;
create index leads_due on leads (campaign_id, priority desc, due_at, id) where state = 'Waiting';
create index leads_zone on leads (campaign_id, time_zone) where state in ('Waiting', 'Dialing');
create index leads_number on leads (number);
create index leads_state on leads (campaign_id, state);

-- What enrichment told us of a number.
create table numbers (
  number text primary key,
  status text,                              -- null: asked, not answered yet
  circle text,
  operator text,
  type text,
  dnd boolean,
  as_of timestamptz,
  expires_at timestamptz,
  requested_at timestamptz
);

create table suppressions (
  id uuid primary key,
  number text not null,
  scope text not null default 'all',        -- all, or a purpose
  reason text not null,
  source text not null,                     -- api, digits
  created_at timestamptz not null,
  created_by text not null,
  unique (number, scope)
);

create table caller_ids (
  number text primary key,                  -- E.164
  account text not null,
  circle text,
  is_default boolean not null default false,
  enabled boolean not null default true,
  purposes text[] not null,
  max_per_day int,
  max_concurrent int,
  note text
);

create table accounts (
  name text primary key,
  blocked_until timestamptz,
  blocked_code text,                        -- Throttled: too fast, for a moment. ProviderDown: campaigns pause
  blocked_reason text,
  failures int not null default 0           -- in a row
);

-- One row per request slot of the account's budget; the newest N decide when the next request may go.
create table originate_budgets (
  account text primary key
);
create table originate_permits (
  account text not null,
  at timestamptz not null,
  id bigint generated always as identity,
  primary key (account, at, id)
);

-- One row per attempt: the ledger, and the instance of the call saga.
create table attempts (
  id uuid primary key,
  campaign_id uuid not null references campaigns (id),
  lead_id uuid not null references leads (id),
  attempt_number int not null,
  account text not null,
  number text not null,
  caller_id text not null,
  caller_id_circle text,
  circle text,
  time_zone text not null,
  flow text not null,
  ring_timeout interval not null,
  time_limit interval,
  decision_id bigint,
  state text not null,                      -- Requested, Submitting, Submitted, Ringing, Answered, Connected, Ended
  version int not null default 0,
  trace_parent text,
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  submitted_at timestamptz,                 -- the request to the provider went out after this instant, and only once
  uncertain_reason text,
  provider_call_id text,
  ringing_at timestamptz,
  answered_at timestamptz,
  connected_at timestamptz,
  ended_at timestamptz,
  outcome text,
  dialed boolean not null default false,    -- the phone may have rung
  counts_as_try boolean not null default true,
  source text,                              -- webhook, reconciliation, platform
  raw_status text,
  cause int,
  cause_name text,
  reason text,
  talk_time interval,
  duration interval,
  price numeric(12, 4),
  answered_by text,
  digits text,
  recording_url text,
  deadline_at timestamptz not null,         -- silence past this is looked into
  look_ups int not null default 0
);
create unique index attempts_number_in_lead on attempts (lead_id, attempt_number);
create unique index attempts_one_open_per_lead on attempts (lead_id) where state <> 'Ended';
create unique index attempts_one_open_per_person on attempts (number) where state <> 'Ended';
create unique index attempts_provider_call on attempts (account, provider_call_id) where provider_call_id is not null;
create index attempts_person on attempts (number, requested_at);
create index attempts_campaign on attempts (campaign_id, requested_at);
create index attempts_open on attempts (account, campaign_id) where state <> 'Ended';
create index attempts_deadline on attempts (deadline_at) where state <> 'Ended';
create index attempts_caller_id on attempts (caller_id, requested_at);

create table decisions (
  id bigint generated always as identity primary key,
  campaign_id uuid not null references campaigns (id) on delete cascade,
  at timestamptz not null,
  snapshot jsonb not null,
  calls int not null,
  code text not null,
  reason text not null
);
create index decisions_campaign on decisions (campaign_id, id);

-- Everything that happened, in order; the lead trail and the live stream read it. The transaction id lets a reader
-- stop before rows whose neighbours are not committed yet, so that none is skipped.
create table trail (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  campaign_id uuid,
  lead_id uuid,
  attempt_id uuid,
  at timestamptz not null,
  kind text not null,
  text text not null,
  data jsonb
);
create index trail_lead on trail (lead_id, id);
create index trail_campaign on trail (campaign_id, id);

-- Events that name an attempt this ledger does not have: kept, counted, never dropped silently.
create table unmatched_events (
  event_id uuid primary key,
  attempt_id uuid not null,
  type text not null,
  received_at timestamptz not null,
  body jsonb not null
);
