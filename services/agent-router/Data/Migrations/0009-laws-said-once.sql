-- What several statements have to agree on, said once. The functions are plain SQL without settings of their own, so the planner puts their text in
-- place of the calls: the indexes are used as if it were written there, and "for update of h" looks at its conditions again when the row has changed
-- meanwhile. A test holds that no plan calls them. Those that stand in "from" take columns, and nothing of an outer query: else "exists" is no join.

-- The words that forbid a call for this purpose to this person.
create function suppressions_against(callee text, purpose_of_call text) returns setof suppressions
language sql stable as $$
  select s.* from suppressions s where s.number = callee and not s.lifted and s.scope in ('all', purpose_of_call)
$$;

-- A lead's campaign, if the lead may be dialed now: the last look.
create function campaign_that_may_dial(campaign_of_lead uuid, callee text, until timestamptz, moment timestamptz) returns setof campaigns
language sql stable as $$
  select c.* from campaigns c
  where c.id = campaign_of_lead and c.state = 'Running' and until > moment
    and not exists (select from suppressions_against(callee, c.purpose))
$$;

-- Whether the lead waits for an agent such as the one of this session.
create function waits_for_agent(lead hopper, campaign campaigns, agent sessions, wanted_mode text) returns boolean
language sql immutable as $$
  select lead.state = 'Waiting' and lead.campaign_id = any(agent.campaigns) and (lead.agent_id is null or lead.agent_id = agent.agent_id)
    and campaign.mode = wanted_mode and campaign.account = agent.account and (campaign.skill is null or campaign.skill = any(agent.skills))
$$;
