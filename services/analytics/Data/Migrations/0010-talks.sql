-- Calls of agents by their end: how many conversations a day had is not looked for in all the days before it.
create index call_facts_talks on call_facts (ended_at) where outcome is not null and dialed and mode not in ('notification', 'triggered');
