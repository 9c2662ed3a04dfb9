-- Whom a campaign asks for, and what an agent could do: without them somebody who was free is taken for somebody who could have helped.
alter table campaigns add column skill text;
alter table agent_stretches add column skills text[];
