CREATE TABLE notes (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  text_value text NOT NULL
);

CREATE TABLE locked_tallies (
  correlation_id uuid PRIMARY KEY,
  current_state  text NOT NULL,
  version        int  NOT NULL,
  total          int  NOT NULL,
  name           text
);

CREATE TABLE versioned_tallies (LIKE locked_tallies INCLUDING ALL);
