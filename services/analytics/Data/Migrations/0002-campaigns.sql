-- What happened to a campaign, as it was told.
create table campaign_events (
  event_id     uuid primary key,
  campaign_id  uuid not null,
  kind         text not null check (kind in ('Started', 'Paused', 'Resumed', 'Completed', 'Stopped')),
  reason       text,
  explanation  text,
  automatic    boolean not null,
  occurred_at  timestamptz not null
);

create index campaign_events_campaign on campaign_events (campaign_id, occurred_at, event_id);

-- What must be known of a campaign to report on it and to watch its completion rate.
create table campaigns (
  campaign_id        uuid primary key,
  name               text,
  started_at         timestamptz,
  ended_at           timestamptz,
  completion_floor   double precision check (completion_floor between 0 and 1),
  completion_window  integer check (completion_window > 0),
  -- The last advice that was published.
  advised_rate       double precision,
  advised_attempts   integer,
  advised_at         timestamptz
);

create index campaigns_watched on campaigns (campaign_id) where completion_floor is not null and ended_at is null;
