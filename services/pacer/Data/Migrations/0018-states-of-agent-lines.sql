-- As 0014.
alter table agent_lines add constraint agent_lines_state check (state in ('Submitting', 'Opened', 'Failed', 'Uncertain')) not valid;
