-- The server and database in which these rows grew. A dump carries the row to wherever it is restored: there it no longer fits,
-- and a service for which that matters does not serve before it has been told (the verb restored).
CREATE TABLE database_home (
  one      boolean     PRIMARY KEY DEFAULT true CHECK (one),
  identity text        NOT NULL,
  since    timestamptz NOT NULL
);
