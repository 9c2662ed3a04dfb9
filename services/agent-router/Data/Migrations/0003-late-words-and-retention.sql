-- The agent's phone is down, and whether it was answered is not known yet.
alter table agent_offers add released_at timestamptz;         -- by the provider's clock

-- A line is known by its call's id after its session, too; who is asked for by phone is asked for by the newest.
drop index sessions_line;
create index sessions_line on sessions (account, line_call_id) where line_call_id is not null;
create index sessions_line_untold on sessions (phone, ended_at) where state = 'Ended' and line_call_id is null and line_id is not null;
create index sessions_started on sessions (started_at);
create index sessions_ended on sessions (ended_at) where state = 'Ended';
create index last_agents_at on last_agents (at);

create index hopper_session on hopper (session_id) where session_id is not null;
create index hopper_at_hand on hopper (campaign_id) where state in ('Shown', 'Taken');
