-- Answers and drops of power campaigns are counted at each pulse.
create index attempts_power_answers on attempts (campaign_id, answered_at)
  include (answered_by, outcome, dropped, connected_at, ended_at, state, agent_id) where mode = 'power' and answered_at is not null;
create index attempts_abandoned on attempts (number, ended_at) where outcome = 'Abandoned';
