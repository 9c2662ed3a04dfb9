-- The end of a customer's call to us may be told again when a later word changed it: the newest telling stands.
alter table inbound_calls add revision integer not null default 0;
alter table inbound_calls add recording_url text;             -- the conversation's, or the message's
