-- Rows are read here while others write.
alter table sessions validate constraint sessions_state, validate constraint sessions_reach;
alter table hopper validate constraint hopper_state;
alter table inbound_calls validate constraint inbound_calls_state, validate constraint inbound_calls_outcome;
alter table campaigns validate constraint campaigns_state;
