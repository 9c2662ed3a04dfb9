-- Calls of agents by their end, sessions by their beginning, states by the call at hand: what a day had is not looked for in all other days.
create index call_facts_talks on call_facts (ended_at) where outcome is not null and dialed and mode not in ('notification', 'triggered');
create index agent_sessions_begun on agent_sessions (first_at);
create index agent_stretches_attempt on agent_stretches (attempt_id) where attempt_id is not null;
