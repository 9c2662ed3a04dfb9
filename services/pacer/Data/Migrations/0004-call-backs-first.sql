-- A call-back that is due goes before everything else, whatever the lead's priority.
create index leads_due_first on leads (campaign_id, (call_back_at is not null) desc, priority desc, due_at, id) where state = 'Waiting';
drop index leads_due;
drop index leads_call_back;

alter table attempts add call_back_at timestamptz;   -- the call-back that this attempt was made to keep
