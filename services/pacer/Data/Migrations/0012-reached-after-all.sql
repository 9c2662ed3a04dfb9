-- What the lead was before a call-back was promised to it for a missed call, as JSON: it is that again when it is told that the call was not missed.
-- Null: there was no lead.
alter table missed_calls add lead_before jsonb;
