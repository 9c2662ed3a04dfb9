-- Rows are read here while others write.
alter table campaigns validate constraint campaigns_state;
alter table leads validate constraint leads_state;
alter table attempts validate constraint attempts_state;
alter table imports validate constraint imports_state;
alter table agent_lines validate constraint agent_lines_state;
alter table missed_calls validate constraint missed_calls_state;
