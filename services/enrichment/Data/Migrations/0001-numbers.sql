-- What the provider said of a number, good until it expires. Numbers are personal data: they never leave this table unmasked.
create table numbers (
  number         text primary key,   -- E.164
  status         text not null check (status in ('found', 'unknown', 'unavailable')),
  circle         text,
  circle_name    text,
  operator       text,
  operator_name  text,
  type           text,
  dnd            boolean,
  as_of          timestamptz not null,
  expires_at     timestamptz not null
);

create index numbers_expired on numbers (expires_at);

-- Numbers that somebody waits for: one row per number, however many ask. A row lives until the answer is in numbers.
create table number_lookups (
  number      text primary key,
  account     text not null,
  urgent      boolean not null default false,   -- a person waits at the API
  asked_at    timestamptz not null,
  due_at      timestamptz not null,             -- while somebody looks it up: when their claim lapses
  tries       integer not null default 0,
  claimed_by  uuid
);

create index number_lookups_due on number_lookups (account, urgent desc, due_at);
