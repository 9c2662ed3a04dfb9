-- The time zone that a list or a person named for a lead; '' where none was named, and its number's zones hold; null in rows of versions that did not
-- say. An attempt keeps what its lead had, so that the hours of a call can be judged by the number again.
alter table leads add own_zone text;
alter table attempts add own_zone text;

-- Leads that an upload brought and that wait for a time zone.
alter table imports add zone_unknown bigint not null default 0;

-- Why a missed caller is not called back, as one word.
alter table missed_calls add code text;
create index missed_calls_refused on missed_calls (campaign_id, code) where state = 'Refused';
