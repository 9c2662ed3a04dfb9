-- Leads of all campaigns in one state, page by page in order of id.
create index leads_in_state on leads (state, id);
