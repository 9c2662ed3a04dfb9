-- Which keys of POST /calls were used, by whom and for what. The primary key decides between requests that come at once. Rows are
-- removed when they are older than Pacer:KeepCallKeys.
create table call_keys (
  owner text not null,                      -- the holder of the API key
  key text not null,                        -- the header Idempotency-Key
  number text not null,                     -- what was asked, in one form: E.164
  purpose text not null,
  account text not null,
  campaign_id uuid not null,
  lead_id uuid not null,
  used_at timestamptz not null,
  primary key (owner, key)
);
create index call_keys_used on call_keys (used_at);

alter table leads add column key_owner text;   -- whose idempotency_key it is; null: it was made before keys had owners
