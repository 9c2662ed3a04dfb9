-- An earlier call reached the person, as was learned while a later one was under way: when that is over, the lead is completed.
alter table leads add column settled text;
