-- Customers who called a number of ours and reached nobody. Each is looked up in the provider's records before anybody is called back for it: who
-- has an address of ours can claim any caller.
create table missed_calls (
  id uuid primary key,
  account text not null,
  provider_call_id text not null,
  number text not null,                     -- the caller's, E.164
  did text not null,                        -- the number of ours, E.164
  campaign_id uuid,                         -- calls back; null: the number has none
  missed_at timestamptz not null,
  state text not null,                      -- Waiting, Promised, Refused
  reason text not null,                     -- in words: what it waits for, or why it was decided so
  looks int not null default 0,             -- how often the records were asked for it
  seen boolean not null default false,      -- the records show it; it waits for a limit
  looked_at timestamptz,
  due_at timestamptz not null,
  decided_at timestamptz,
  lead_id uuid                              -- whom the promise was made to
);
create unique index missed_calls_call on missed_calls (account, provider_call_id);
create index missed_calls_due on missed_calls (due_at) where state = 'Waiting';
create index missed_calls_waiting on missed_calls (account, looks desc, due_at) where state = 'Waiting';
create index missed_calls_looked on missed_calls (account, looked_at) where looked_at is not null;
create index missed_calls_number on missed_calls (number, decided_at) where state = 'Promised';
create index missed_calls_decided on missed_calls (decided_at) where state <> 'Waiting';
create index missed_calls_campaign on missed_calls (campaign_id, decided_at) where state = 'Promised';

-- The call-back is owed for a missed call: what a day allows of calls to one person, and the cool-down, hold for it as for any other call.
alter table leads add call_back_within_caps boolean not null default false;
