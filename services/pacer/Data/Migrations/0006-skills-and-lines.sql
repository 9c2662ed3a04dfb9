alter table agent_sessions add skills text[];   -- null: the router did not tell them

-- Open lines are counted at each pulse of their account.
create index agent_lines_account on agent_lines (account, submitted_at) where state <> 'Failed';
