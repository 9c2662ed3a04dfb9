#!/usr/bin/env bash
# Runs once, when the data folder is made. Each service gets a database and two roles: {service}_owner, under which 'migrate'
# changes the schema, and {service}, under which it serves and may only read and change rows. No role opens another's database.

for service in pacer ingress enrichment router analytics gateway; do
    owner_password=OUTDIAL_${service^^}_OWNER_PASSWORD
    password=OUTDIAL_${service^^}_PASSWORD
    psql -v ON_ERROR_STOP=1 --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
        -v service="$service" -v owner="${service}_owner" \
        -v owner_password="${!owner_password:?}" -v password="${!password:?}" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"owner";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
unset service owner_password password
