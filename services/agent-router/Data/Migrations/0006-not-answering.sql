-- How often in a row this agent's phone was rung and not picked up.
alter table sessions add misses int not null default 0;

-- What the flow named as dialed last when it asked: another number when it asks again says that somebody was dialed since, forwarded or not.
alter table agent_offers add asked_after text;                -- E.164
alter table hopper add asked_after text;                      -- E.164

-- The number that picked up where the provider names one that is no agent's.
alter table inbound_calls add answered_by text;               -- E.164
