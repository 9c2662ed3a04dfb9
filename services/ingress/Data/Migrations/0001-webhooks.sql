-- Every authentic request of a provider, as it came. Personal data: body and query carry phone numbers.
CREATE TABLE webhooks (
  id           uuid        PRIMARY KEY,          -- UUIDv7 of the receipt: sorts by time
  account      text        NOT NULL,
  provider     text        NOT NULL,
  kind         text        NOT NULL,             -- status, passthru, popup, heartbeat, other
  attempt_id   uuid,                             -- from the token or the echo, or matched later by call_id
  method       text        NOT NULL,
  query        text        NOT NULL,
  content_type text,
  body         bytea       NOT NULL,
  received_at  timestamptz NOT NULL,
  disposition  text        NOT NULL CHECK (disposition IN ('translated', 'quarantined', 'unmatched', 'ignored')),
  reason       text,                             -- why it is quarantined or unmatched
  call_id      text,                             -- the provider's
  events       int         NOT NULL              -- how many neutral events it yielded
);

-- The translated are many and are looked for by id; the others are few and are what a person lists.
CREATE INDEX webhooks_odd ON webhooks (disposition, id DESC) WHERE disposition <> 'translated';
CREATE INDEX webhooks_waiting ON webhooks (account, call_id) WHERE disposition = 'unmatched';
CREATE INDEX webhooks_received ON webhooks (received_at);

-- Which attempt a provider's call belongs to, for requests that name only the call.
CREATE TABLE known_calls (
  account    text        NOT NULL,
  call_id    text        NOT NULL,
  attempt_id uuid        NOT NULL,
  learned_at timestamptz NOT NULL,
  PRIMARY KEY (account, call_id)
);

CREATE INDEX known_calls_learned ON known_calls (learned_at);

-- Who had a webhook translated and published again.
CREATE TABLE webhook_replays (
  id          uuid        PRIMARY KEY,
  webhook_id  uuid        NOT NULL,              -- may outlive the webhook itself
  replayed_at timestamptz NOT NULL,
  replayed_by text        NOT NULL,              -- name of the API key
  disposition text        NOT NULL,
  events      int         NOT NULL
);

CREATE INDEX webhook_replays_webhook ON webhook_replays (webhook_id);
