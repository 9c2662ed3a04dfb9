-- As 0010.
alter table inbound_calls
  add constraint inbound_calls_state check (state in ('Waiting', 'Offered', 'Fallback', 'Connected', 'Over')) not valid,
  add constraint inbound_calls_outcome check (outcome in ('Completed', 'Unidentified', 'Fallback', 'Voicemail', 'Missed')) not valid;
