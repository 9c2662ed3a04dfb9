-- As 0014.
alter table attempts add constraint attempts_state check (
  state in ('Offered', 'Requested', 'Submitting', 'Submitted', 'Dialing', 'Ringing', 'Answered', 'Queued', 'Connected', 'Ended')) not valid;
