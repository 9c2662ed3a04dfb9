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

-- The account's address that a webhook came to: what came to a revoked one is not believed, at a replay neither.
ALTER TABLE webhooks ADD COLUMN address_id uuid;

-- Whose call it is, was told by the provider's answer to our own request; without that mark by a webhook, which somebody else may have sent.
ALTER TABLE known_calls ADD COLUMN originated boolean NOT NULL DEFAULT false;
CREATE INDEX known_calls_attempt ON known_calls (account, attempt_id);
