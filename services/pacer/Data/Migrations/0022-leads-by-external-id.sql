-- Whoever asks for a person asks by the id that their own system gave it.
create index leads_external_id on leads (external_id) where external_id is not null;
