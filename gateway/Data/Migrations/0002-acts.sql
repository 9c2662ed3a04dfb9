-- Who changed what through the API, or tried to: one row for each request that is no question.
create table acts (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  who text not null,
  client text,
  method text not null,
  path text not null,
  status int not null,
  correlation_id text
);

create index ix_acts_at on acts (at);
create index ix_acts_who on acts (who, id);
