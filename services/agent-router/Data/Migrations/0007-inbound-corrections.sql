-- How a call that came in ended may be told again when a better word comes.
alter table inbound_calls add revision int not null default 0;
alter table inbound_calls add talk_told boolean not null default false;   -- by the provider; else reckoned
alter table inbound_calls add recording_url text;                         -- the conversation's, or the message's
