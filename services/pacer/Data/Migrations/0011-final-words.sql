-- What ends a call is weighed anew with each word that comes, so the words are kept: the final one, and what steps of the flow said before and after it.
alter table attempts
  add told_outcome text,                -- of the final word that stands
  add told_source text,                 -- who told it; 'ledger': it was only known that the call was over
  add told_at timestamptz,
  add step_outcome text,                -- how the call would have ended with its last step
  add recording_rank double precision;  -- of several recordings the one of the highest rank is kept
