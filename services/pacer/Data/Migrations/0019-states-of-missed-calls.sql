-- As 0014.
alter table missed_calls add constraint missed_calls_state check (state in ('Waiting', 'Promised', 'Refused')) not valid;
