-- The trace of the call whose record is read, as W3C trace context; null where nothing is traced.
alter table detail_requests add column trace_parent text;
