-- What people look up at the API has a budget of its own.
alter table budgets drop constraint budgets_kind_check;
alter table budgets add constraint budgets_kind_check check (kind in ('numbers', 'details', 'people'));

alter table number_lookups add column for_person boolean not null default false;   -- a person waits at the API; urgent alone: a single call does
create index number_lookups_people on number_lookups (account, due_at) where for_person;
