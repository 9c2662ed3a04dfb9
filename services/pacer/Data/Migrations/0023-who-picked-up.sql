-- Who picked up is known better the later it is said, and a campaign may ask for a minimum of seconds heard.
alter table attempts add answered_by_rank integer;
alter table attempts add reached_after interval;

-- Calls whose records nobody has read yet, by when their end was heard: a campaign waits for the last ones before it completes.
create index attempts_without_records on attempts (campaign_id, end_heard_at) where state = 'Ended' and outcome = 'Completed' and duration is null;
