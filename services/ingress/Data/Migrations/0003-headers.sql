-- The rest of a webhook as it came: its path without the token, and its headers without secrets, one a line. Null in older rows.
ALTER TABLE webhooks ADD COLUMN path text, ADD COLUMN headers text;
