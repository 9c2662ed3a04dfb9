-- Calls of agents by time: their report looks for talk that no state of the agent told.
create index call_facts_agents on call_facts (ended_at) where agent_id is not null;
