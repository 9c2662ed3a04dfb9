-- As 0010.
alter table campaigns add constraint campaigns_state check (
  state in ('Draft', 'Scheduled', 'Running', 'Paused', 'Completed', 'Stopped')) not valid;
