-- A foreign clock does not decide when a person may be rung: gaps count from when the end was heard of, if that is later than what was said.
alter table attempts
  add end_told_at timestamptz,     -- the end as the word that closed it told it, held to what we saw ourselves
  add end_heard_at timestamptz;    -- when that word was received
