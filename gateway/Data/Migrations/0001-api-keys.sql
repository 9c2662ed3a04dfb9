-- Keys of the API. Their secrets are random texts of 256 bits: a plain SHA-256 gives nothing to guess.
create table api_keys (
  id uuid primary key,
  name varchar(100) not null,
  role varchar(16) not null check (role in ('admin', 'supervisor', 'agent', 'crm')),
  agent_id uuid,
  created_at timestamptz not null,
  created_by varchar(100) not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  check ((agent_id is not null) = (role = 'agent'))
);

-- A revoked key's name may be given again.
create unique index ix_api_keys_name on api_keys (name) where revoked_at is null;

-- More than one only while a rotation overlaps.
create table api_key_secrets (
  hash bytea primary key check (octet_length(hash) = 32),
  key_id uuid not null references api_keys (id),
  created_at timestamptz not null,
  valid_until timestamptz
);

create index ix_api_key_secrets_key on api_key_secrets (key_id);

create table api_key_audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  who varchar(100) not null,
  client varchar(64),
  action varchar(16) not null,
  key_id uuid not null,
  key_name varchar(100) not null,
  detail text not null
);
