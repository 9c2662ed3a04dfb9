-- States that nothing knows would be rows that nobody frees. A test holds them together with the names in the code. One table to a script: none is
-- kept locked while the next is waited for. Rows that are there already are looked at later, by a script that locks nobody out.
alter table sessions
  add constraint sessions_state check (
    state in ('CallingAgent', 'Ready', 'Previewing', 'Dialing', 'OnCall', 'WrapUp', 'Resting', 'Paused', 'Ended')) not valid,
  add constraint sessions_reach check (reach in ('line', 'phone')) not valid;
