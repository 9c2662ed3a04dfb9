-- A conversation has a recording where the account makes any: what its last calls had tells whether one is worth waiting for.
alter table detail_requests
  add recording_known boolean not null default false,   -- a webhook named one already
  add talked boolean not null default false,            -- the record tells of a conversation
  add recorded boolean not null default false;          -- a recording is known

create index detail_requests_talked on detail_requests (account, done_at) where talked and done_at is not null;
