#!/usr/bin/env bash
# Restores Outdial's databases from what backup.sh wrote, while no service runs. docs/backup.md tells the whole way.
set -euo pipefail
export LC_ALL=C

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

usage() {
    cat <<'TEXT'
Usage: deploy/backup/restore.sh FOLDER

Creates each database that FOLDER has a dump of, and fills it. A database that exists is never touched: drop or rename it first.
The server and the role that is to own the databases are PostgreSQL's usual variables: PGHOST, PGPORT, PGUSER, PGPASSWORD or PGPASSFILE.
  OUTDIAL_OWNER_SUFFIX   such as _owner: each database gets an owner of its own, {database}_owner, which is there and which PGUSER may act for
TEXT
}

[ $# -eq 1 ] || { usage >&2; exit 64; }
case $1 in --help | -h) usage; exit 0 ;; -*) usage >&2; fail "'$1' is not understood." ;; esac
folder=$1
command -v pg_restore >/dev/null || fail "there is no pg_restore here. It is in the package postgresql-client, of the server's version or a later one."
[ -s "$folder/dumped-at" ] || fail "$folder is no complete dump: it has no file dumped-at, which backup.sh writes last."
at=$(<"$folder/dumped-at")

dumps=("$folder"/*.dump)
for dump in "${dumps[@]}"; do
    database=$(basename -- "$dump" .dump)
    [ -z "$(psql --dbname=postgres -X -t -A -v name="$database" <<<"select datname from pg_database where datname = :'name'")" ] ||
        fail "the database $database exists. Drop it, or keep it under another name: alter database \"$database\" rename to \"${database}_before\"."
done
for dump in "${dumps[@]}"; do
    database=$(basename -- "$dump" .dump)
    owner=${OUTDIAL_OWNER_SUFFIX:+$database$OUTDIAL_OWNER_SUFFIX}
    psql --dbname=postgres -X -q -v ON_ERROR_STOP=1 -v name="$database" -v owner="${owner:-}" \
        <<<"create database :\"name\"${owner:+ owner :\"owner\"; revoke all on database :\"name\" from public}"
    pg_restore ${owner:+--role="$owner"} --no-owner --no-privileges --exit-on-error --single-transaction --dbname="$database" "$dump" ||
        fail "the database $database could not be restored; drop it and run this again."
    printf '%s: restored\n' "$database"
done
cat <<TEXT
Restored as of $at. Before any service starts:
  1. run the verb 'migrate' of every service (it grants the rights of the serving role, too);
  2. run 'restored $at' of the pacer and of the agent-router. They do not serve before that.
docs/backup.md says why, and what to look at afterwards.
TEXT
