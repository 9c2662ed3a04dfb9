-- An end may be told again when a later word changed it: the newest telling stands.
alter table call_facts add end_revision integer not null default 0;
