-- Messages that a handler has committed and nobody has delivered yet, in the order in which they were written.
CREATE TABLE outbox_messages (
  sequence            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id          uuid        NOT NULL,
  conversation_id     uuid,
  correlation_id      uuid,
  initiator_id        uuid,
  request_id          uuid,
  source_address      text,
  destination_address text        NOT NULL,
  response_address    text,
  fault_address       text,
  publish_type        text,       -- CLR type of a published message; null for a message sent to one address
  message_type        text        NOT NULL,
  content_type        text        NOT NULL,
  headers             text,
  properties          text,
  body                text        NOT NULL,
  created_at          timestamptz NOT NULL,
  expires_at          timestamptz,
  deliver_at          timestamptz, -- not before; null: at once
  failures            int         NOT NULL DEFAULT 0,
  delivered_at        timestamptz  -- only set where delivered rows are kept (in-memory transport)
);

CREATE INDEX outbox_messages_undelivered ON outbox_messages (sequence) WHERE delivered_at IS NULL;
CREATE INDEX outbox_messages_delivered ON outbox_messages (delivered_at) WHERE delivered_at IS NOT NULL;

-- The table is a queue: rows live for milliseconds. Without this the planner's statistics and the dead rows trail behind.
ALTER TABLE outbox_messages SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- One row per message and consumer that has been handled: the second delivery of the same message finds it and does nothing.
CREATE TABLE inbox_messages (
  message_id  uuid        NOT NULL,
  consumer_id uuid        NOT NULL,
  consumed_at timestamptz NOT NULL,
  PRIMARY KEY (message_id, consumer_id)
);

CREATE INDEX inbox_messages_consumed ON inbox_messages (consumed_at);
