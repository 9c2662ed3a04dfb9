-- Who changed what through the API, or tried to: one row for each request that is no question.
create table acts (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  who varchar(100) not null,
  client varchar(64),
  method varchar(8) not null,
  path varchar(500) not null,
  status int not null,
  correlation_id varchar(64)
);

create index ix_acts_at on acts (at);
create index ix_acts_who on acts (who, id);
