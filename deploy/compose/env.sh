#!/usr/bin/env bash
# ./outdial compose-env: what docker-compose.yml needs of this one installation, and the repository must not know.
set -euo pipefail
umask 077
export LC_ALL=C

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${OUTDIAL_ENV_FOLDER:-$root}   # another one in tests
env=$folder/.env
key_file=$folder/.outdial/compose/admin-api-key
clock=$folder/.outdial/compose/clock.env

fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

usage() {
    cat <<'TEXT'
Usage: ./outdial compose-env [--speed X]

Makes .env with random passwords and keys for docker-compose.yml. Again, it adds what is missing and changes nothing.
  --speed X    virtual seconds per real second, 1 to 600, for all services and the simulated provider, from ten o'clock on a
               Monday in India. The clock runs from now on: start the stack next. 1 is real time, as without this option.
TEXT
}

speed=
while [ $# -gt 0 ]; do
    case $1 in
        --speed) [ $# -ge 2 ] || fail "--speed needs a number."; speed=$2; shift 2 ;;
        --speed=*) speed=${1#*=}; shift ;;
        --help | -h) usage; exit 0 ;;
        *) usage >&2; fail "'$1' is not understood." ;;
    esac
done
if [ -n "$speed" ]; then
    [[ $speed =~ ^[0-9]+(\.[0-9]+)?$ ]] && awk -v x="$speed" 'BEGIN { exit !(x >= 1 && x <= 600) }' ||
        fail "--speed is '$speed'; expected a number from 1 to 600."
fi

secret() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

mkdir -p "$folder/.outdial/compose"
touch "$env"
chmod 600 "$env"
chmod 700 "$folder/.outdial/compose"
value_of() { sed -n "s/^$1=//p" "$env" | head -n 1; }
add() { [ -n "$(value_of "$1")" ] || printf '%s=%s\n' "$1" "$2" >>"$env"; }

[ -s "$env" ] || printf '%s\n' '# Made by ./outdial compose-env. Belongs to the volumes of this installation: without it they cannot be opened.' >"$env"
add OUTDIAL_POSTGRES_PASSWORD "$(secret)"
for service in PACER INGRESS ENRICHMENT ROUTER ANALYTICS GATEWAY; do
    add "OUTDIAL_${service}_OWNER_PASSWORD" "$(secret)"
    add "OUTDIAL_${service}_PASSWORD" "$(secret)"
done
add OUTDIAL_RABBITMQ_PASSWORD "$(secret)"
for service in PACER INGRESS ENRICHMENT ROUTER ANALYTICS; do
    add "OUTDIAL_${service}_BROKER_PASSWORD" "$(secret)"
done
add OUTDIAL_WEBHOOKS_KEY "$(secret)"      # signs callback addresses
add OUTDIAL_IDENTITY_KEY "$(secret)"      # signs what the gateway says about who asks
add OUTDIAL_ACCOUNT_KEY "$(secret)"       # of the provider account; the simulator's are the same
add OUTDIAL_ACCOUNT_TOKEN "$(secret)"
add OUTDIAL_GRAFANA_PASSWORD "$(secret)"
add OUTDIAL_ADMIN_KEY "$(secret)"         # the first admin's API key; the gateway is given its hash alone
add OUTDIAL_ADMIN_KEY_HASH "$(printf '%s' "$(value_of OUTDIAL_ADMIN_KEY)" | sha256)"
# Anew, since a file that was open to others would stay so.
rm -f "$key_file"
value_of OUTDIAL_ADMIN_KEY >"$key_file"

# Waits for other processes take real time while the clock runs ahead: deadlines against silence are stretched by the speed.
# The same list as the demo's own (cli/Demo/SimulatorAccount.cs); a test holds them together.
patience() {
    printf 'Accounts__default__RequestTimeout=00:00:03\nEnrichment__PollInterval=00:00:00.400\n'
    awk -v speed="$speed" '{
        s = $2 * speed; if (s < 1) s = 1
        whole = int(s); rest = sprintf("%.7f", s - whole); sub(/^0/, "", rest); if (rest == ".0000000") rest = ""
        printf "%s=%02d:%02d:%02d%s\n", $1, int(whole / 3600), int(whole % 3600 / 60), whole % 60, rest
    }' <<'TABLE'
Pacer__AttemptLife 60
Pacer__AnswerDeadline 8
Pacer__SubmittedDeadline 8
Pacer__LookUpAgainAfter 3
Pacer__NotFoundAfter 12
Pacer__PulseInterval 0.15
Pacer__SweepInterval 0.6
Pacer__AgentSilence 10
Pacer__HopperLife 20
Pacer__HopperGrace 5
Router__SweepInterval 0.3
Router__LineOrderLife 15
Router__LineDeadline 20
Router__LineSilence 10
Router__DialingGrace 8
Router__ConversationGrace 8
Router__SettleAfter 8
Router__SameLeadWithin 6
Router__PresenceInterval 1
Router__Heartbeat 1
TABLE
}

if [ -n "$speed" ]; then
    if awk -v x="$speed" 'BEGIN { exit x != 1 }'; then
        rm -f "$clock"
    else
        rm -f "$clock"
        {
            printf 'Clock__Speed=%s\nClock__Origin=2026-01-05T04:30:00Z\nClock__RealOrigin=%s\n' "$speed" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
            patience
        } >"$clock"
    fi
fi

printf '%s\n' "Secrets: $env" "API key of the admin: $key_file" \
    "Clock: $([ -e "$clock" ] && sed -n 's/^Clock__Speed=\(.*\)/× \1/p' "$clock" || echo real time)"
