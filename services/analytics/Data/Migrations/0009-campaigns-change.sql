-- Since when the name, the skill and the watched rate are as they are: a change that comes before the start, or twice, or late, changes nothing back.
alter table campaigns add changed_at timestamptz;
