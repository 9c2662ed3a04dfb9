-- Leads that are added, changed and withdrawn one by one. Older processes do not know the columns: to them these are leads that nobody uploaded.
alter table leads add column added_by text;     -- who added it by itself; null: it came with a list, or as a call
alter table leads add column withdrawal text;   -- who took it back while it was in the hopper, and why: it is not dialed again

-- Which keys of POST /campaigns/{id}/leads were used, by whom, and what was answered. The primary key decides between requests that come at
-- once. Rows are removed when they are older than Pacer:KeepCallKeys.
create table lead_keys (
  owner text not null,                      -- the holder of the API key
  key text not null,                        -- the header Idempotency-Key
  campaign_id uuid not null,
  asked bytea not null,                     -- a hash of what was asked, whatever the blanks in it
  answer jsonb,                             -- holds numbers; null only while it is being made
  used_at timestamptz not null,
  primary key (owner, key)
);
create index lead_keys_used on lead_keys (used_at);
