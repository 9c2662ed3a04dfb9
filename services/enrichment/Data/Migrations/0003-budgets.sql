-- One row per account and kind of request: whoever holds its lock decides who may ask next.
create table budgets (
  account        text not null,
  kind           text not null check (kind in ('numbers', 'details')),
  blocked_until  timestamptz,        -- the provider asked for patience
  primary key (account, kind)
);

-- Requests that count against the budget: those on their way, and those of the last 60 seconds.
create table budget_slots (
  id       bigint generated always as identity primary key,
  account  text not null,
  kind     text not null,
  free_at  timestamptz not null
);

create index budget_slots_free on budget_slots (account, kind, free_at);
