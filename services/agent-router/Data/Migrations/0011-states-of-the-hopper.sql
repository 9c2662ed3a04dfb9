-- As 0010.
alter table hopper add constraint hopper_state check (state in ('Waiting', 'Shown', 'Taken', 'Over', 'Returned')) not valid;
