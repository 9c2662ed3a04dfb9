-- The addresses that a person enters at a provider. The token in each follows from its row; the row can be revoked.
CREATE TABLE callback_addresses (
  id           uuid        PRIMARY KEY,
  account      text        NOT NULL,
  purpose      text        NOT NULL,             -- as in the token
  created_at   timestamptz NOT NULL,
  created_by   text        NOT NULL,             -- name of the API key
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,                      -- refused from then on; in the future after a rotation with an overlap
  revoked_by   text,
  last_used_at timestamptz
);

CREATE UNIQUE INDEX callback_addresses_current ON callback_addresses (account, purpose) WHERE revoked_at IS NULL;

-- A line that was given a lead and has had no word of its dialing gets no other before then, by our own clock.
alter table sessions add next_lead_from timestamptz;
-- When a call that is not this line last claimed to be it: told once in a while, however often it is tried.
alter table sessions add stranger_at timestamptz;
-- How many lines in a row were over before the provider had told us which call they were.
alter table sessions add lines_not_known int not null default 0;

-- How many called in lately, from one number and in all, is counted before one more is taken.
create index inbound_calls_caller on inbound_calls (account, number, started_at);
create index inbound_calls_account on inbound_calls (account, started_at);
