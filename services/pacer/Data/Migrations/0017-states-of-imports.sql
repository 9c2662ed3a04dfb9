-- As 0014.
alter table imports add constraint imports_state check (state in ('Running', 'Completed', 'Failed')) not valid;
