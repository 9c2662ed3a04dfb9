-- A state that no code knows stops whatever reads it; here it stops who writes it. The words are the constants of the state classes, and a test
-- holds the two together. Checked for rows that are written from now on, and for those that are there by the last of these scripts, which locks
-- nobody out. One table to a script: none is kept locked while the next is waited for. agent_sessions has none: its states are the router's words,
-- and a newer router may know more.
alter table campaigns add constraint campaigns_state check (
  state in ('Draft', 'Scheduled', 'Running', 'Paused', 'Completed', 'Stopped')) not valid;
