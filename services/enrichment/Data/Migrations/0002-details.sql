-- Calls whose records are to be read after they ended. Rows stay for a while after they are done, so that an end that is
-- told twice does not cost a second request.
create table detail_requests (
  attempt_id        uuid primary key,
  campaign_id       uuid not null,
  account           text not null,
  provider_call_id  text not null,
  answered          boolean not null,         -- only an answered call has a price worth waiting for
  ended_at          timestamptz not null,
  due_at            timestamptz not null,     -- while somebody asks: when their claim lapses
  tries             integer not null default 0,
  claimed_by        uuid,
  done_at           timestamptz,
  result            text check (result in ('complete', 'incomplete', 'missing'))
);

create index detail_requests_due on detail_requests (account, due_at) where done_at is null;
create index detail_requests_done on detail_requests (done_at) where done_at is not null;
