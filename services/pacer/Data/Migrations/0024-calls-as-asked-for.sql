-- Calls of a campaign or an agent, page by page in order of id, and those of a lead by the id that its upload gave it.
create index attempts_of_campaign on attempts (campaign_id, id);
create index attempts_of_agent on attempts (agent_id, id) where agent_id is not null;
create index leads_external_id on leads (external_id) where external_id is not null;
