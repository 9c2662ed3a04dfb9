-- The zone that was named for the campaign: in its country, too, a number may be meant that is written without its country's code.
alter table campaigns add time_zone text;
