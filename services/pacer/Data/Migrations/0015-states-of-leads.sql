-- As 0014.
alter table leads add constraint leads_state check (
  state in ('Waiting', 'Dialing', 'Completed', 'Exhausted', 'Barred', 'OptedOut', 'Invalid', 'Canceled')) not valid;
