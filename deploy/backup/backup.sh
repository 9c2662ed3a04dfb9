#!/usr/bin/env bash
# Dumps Outdial's databases while the platform runs. What it takes to come back from such a dump is in docs/backup.md.
set -euo pipefail
umask 077
export LC_ALL=C

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

usage() {
    cat <<'TEXT'
Usage: deploy/backup/backup.sh FOLDER

Writes FOLDER/<database>.dump for each database and FOLDER/dumped-at, the time that the verb 'restored' asks for.
The server and the role that owns the databases are PostgreSQL's usual variables: PGHOST, PGPORT, PGUSER, PGPASSWORD or PGPASSFILE.
  OUTDIAL_DATABASES   other names than "gateway enrichment pacer ingress router analytics", in the same order
TEXT
}

[ $# -eq 1 ] || { usage >&2; exit 64; }
case $1 in --help | -h) usage; exit 0 ;; -*) usage >&2; fail "'$1' is not understood." ;; esac
folder=$1
command -v pg_dump >/dev/null || fail "there is no pg_dump here. It is in the package postgresql-client, of the server's version or a later one."
# The pacer before those who hear from it: what they have heard more than it says is heard again, and what they have heard less would be lost.
read -r -a databases <<<"${OUTDIAL_DATABASES:-gateway enrichment pacer ingress router analytics}"

[ ! -e "$folder" ] || [ -z "$(ls -A -- "$folder")" ] || fail "$folder is not empty; name a new folder, a dump is never mixed with another."
mkdir -p -- "$folder"
began=$SECONDS
at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
for database in "${databases[@]}"; do
    pg_dump --format=custom --no-owner --no-privileges --file="$folder/$database.dump.part" --dbname="$database" ||
        fail "the database $database could not be dumped; the dump in $folder is not complete and has no dumped-at."
    mv -- "$folder/$database.dump.part" "$folder/$database.dump"
    printf '%s: %s bytes\n' "$database" "$(stat -c %s -- "$folder/$database.dump")"
done
# Last: a folder without it is not a dump.
printf '%s\n' "$at" >"$folder/dumped-at"
printf 'Dumped at %s into %s, in %s s. It holds phone numbers: keep it where only operators read.\n' "$at" "$folder" "$((SECONDS - began))"
