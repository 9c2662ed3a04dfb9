-- What people changed of a campaign after it was made: from what to what, by whom. The highest revision is the one that holds; a campaign without a
-- row was never changed. A table of its own, and no column of campaigns: the version before goes on with the statements that it has prepared.
create table campaign_changes (
  campaign_id uuid not null references campaigns (id) on delete cascade,
  revision int not null,
  at timestamptz not null,
  by text not null,
  changes jsonb not null,                   -- [{"field", "from", "to"}]
  primary key (campaign_id, revision)
);

-- Campaigns that lists leave out unless they are asked for.
create table archived_campaigns (
  campaign_id uuid primary key references campaigns (id) on delete cascade,
  at timestamptz not null,
  by text not null
);

-- The end of a campaign comes for one that a person has paused, too: it is looked at once, and again then.
update campaign_pulses p set next_at = now() from campaigns c
where c.id = p.campaign_id and c.state = 'Paused' and p.next_at is null and c.rules ->> 'endsAt' is not null;

-- Leads that were put back to be dialed after they had ended: the calls before that decide about no redial, and the tries before count for no limit of
-- the campaign; those of the person do.
create table recycled_leads (
  lead_id uuid primary key references leads (id) on delete cascade,
  at timestamptz not null,
  tries_before int not null
);
