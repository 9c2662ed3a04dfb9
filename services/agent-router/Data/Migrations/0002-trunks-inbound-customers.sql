-- Locks are taken in this order: call (inbound_calls, customer_calls), session, hopper, agent.

-- SIP trunks and the numbers of ours that people call in to, as configured by a person.
create table trunks (
  name text primary key,                    -- at most 16 letters, digits and underscores
  account text not null,
  sid text,                                 -- the provider's; flows dial sip:<sid>
  direction text not null,                  -- outbound, inbound, bidirectional
  acl text[] not null,                      -- ip/mask
  destination_uris text[] not null,         -- <ip_or_fqdn>:<port>;transport=<tls|tcp>
  changed_at timestamptz not null,
  changed_by text not null
);

create table dids (
  number text primary key,                  -- E.164
  account text not null,
  trunk text references trunks (name),
  mode text not null,                       -- pstn, flow
  applet text not null,                     -- none, connect, voicebot, applets: what handles the call
  flow text,
  campaign_id uuid,                         -- calls back whom nobody answered
  skill text,
  strategy text not null,                   -- parallel, order
  ring_seconds int not null,
  fallback_number text,                     -- E.164; dialed when nobody is free
  changed_at timestamptz not null,
  changed_by text not null
);
create index dids_trunk on dids (trunk);

-- A customer who called in, from the first question of the flow to the one outcome.
create table inbound_calls (
  id uuid primary key,
  account text not null,
  provider_call_id text not null,
  number text,                              -- the customer's, E.164; null: withheld
  did text not null,
  campaign_id uuid,
  state text not null,                      -- Waiting, Offered, Fallback, Connected, Over
  tried uuid[] not null,                    -- agents who did not answer
  agent_id uuid,
  started_at timestamptz not null,
  connected_at timestamptz,
  ended_at timestamptz,
  talk_time interval,
  outcome text,                             -- Completed, Missed, Voicemail
  deadline_at timestamptz                   -- ended by what is known when nothing was heard by then
);
create unique index inbound_calls_call on inbound_calls (account, provider_call_id);
create index inbound_calls_deadline on inbound_calls (deadline_at) where state <> 'Over';
create index inbound_calls_started on inbound_calls (started_at);

-- A customer we called first, who is to be led to an agent when he answers (power).
create table customer_calls (
  attempt_id uuid primary key,
  campaign_id uuid not null,
  lead_id uuid not null,
  account text not null,
  number text not null,                     -- E.164
  lead jsonb not null,                      -- OfferedLead, whole
  provider_call_id text,
  queued_at timestamptz,                    -- waits since then; null: does not
  tried uuid[] not null,
  agent_id uuid,                            -- who talks or talked to him
  connected_at timestamptz,
  placed_at timestamptz not null,
  over_at timestamptz
);
create index customer_calls_call on customer_calls (account, provider_call_id);
create index customer_calls_number on customer_calls (account, number) where over_at is null;
create index customer_calls_placed on customer_calls (placed_at);

-- Which call an agent's phone rings for. One row per session: nobody is offered to two callers.
create table agent_offers (
  session_id uuid primary key references sessions (id),
  call_id uuid not null,                    -- inbound_calls.id or customer_calls.attempt_id
  agent_id uuid not null,
  phone text not null,                      -- E.164
  place int not null,                       -- 1, 2, 3 … in the order of the answer
  asked_at timestamptz not null,            -- by the provider's clock
  offered_at timestamptz not null
);
create index agent_offers_call on agent_offers (call_id);
