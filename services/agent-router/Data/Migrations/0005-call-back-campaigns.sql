-- The campaign that calls back whom nobody answered at a number of ours, where it is not the one whose agents answer.
alter table dids add call_back_campaign_id uuid;
