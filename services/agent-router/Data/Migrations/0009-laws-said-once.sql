-- What several statements have to agree on, said once. Each is one select in plain SQL without settings of its own, so the planner puts its text in
-- place of the call: the indexes are used as if it were written there, and "for update of h" looks at its conditions again when the row has changed
-- meanwhile. A test holds that no plan calls them as functions.

-- The words that forbid a call for this purpose to this person.
create function suppressions_against(callee text, purpose_of_call text) returns setof suppressions
language sql stable as $$
  select s.* from suppressions s where s.number = callee and not s.lifted and s.scope in ('all', purpose_of_call)
$$;

-- The lead's campaign, if the lead may be dialed now: the last look.
create function campaign_that_may_dial(lead hopper, moment timestamptz) returns setof campaigns
language sql stable as $$
  select c.* from campaigns c
  where c.id = lead.campaign_id and c.state = 'Running' and lead.dial_until > moment
    and not exists (select from suppressions_against(lead.number, c.purpose))
$$;

-- The lead's campaign, if the lead waits, may be dialed now, and may be dialed by the agent of this session.
create function campaign_to_dial(lead hopper, agent sessions, wanted_mode text, moment timestamptz) returns setof campaigns
language sql stable as $$
  select c.* from campaign_that_may_dial(lead, moment) c
  where lead.state = 'Waiting' and lead.campaign_id = any(agent.campaigns) and (lead.agent_id is null or lead.agent_id = agent.agent_id)
    and c.mode = wanted_mode and c.account = agent.account and (c.skill is null or c.skill = any(agent.skills))
$$;

-- States that nothing knows would be rows that nobody frees. A test holds them together with the names in the code.
alter table campaigns add constraint campaigns_state check (state in ('Draft', 'Scheduled', 'Running', 'Paused', 'Completed', 'Stopped'));
alter table sessions add constraint sessions_state check (
  state in ('CallingAgent', 'Ready', 'Previewing', 'Dialing', 'OnCall', 'WrapUp', 'Resting', 'Paused', 'Ended'));
alter table sessions add constraint sessions_reach check (reach in ('line', 'phone'));
alter table hopper add constraint hopper_state check (state in ('Waiting', 'Shown', 'Taken', 'Over', 'Returned'));
alter table inbound_calls add constraint inbound_calls_state check (state in ('Waiting', 'Offered', 'Fallback', 'Connected', 'Over'));
alter table inbound_calls add constraint inbound_calls_outcome check (
  outcome in ('Completed', 'Unidentified', 'Fallback', 'Voicemail', 'Missed'));
