#!/usr/bin/env bash
# Moves what is the same, byte for byte, in the folder of every service into one: a layer that is built, pushed, pulled and kept once.
# The commands and the simulator, which are no services, keep their folders whole.
set -euo pipefail
export LC_ALL=C

programs=$1 shared=$2
services=()
for program in "$programs"/*/; do
    case $(basename "$program") in
        Outdial.Cli | Outdial.Simulator) ;;
        *) services+=("${program%/}") ;;
    esac
done

mkdir -p "$shared"
(cd "${services[0]}" && find . -type f) | sort | while read -r file; do
    for service in "${services[@]}"; do
        cmp -s "${services[0]}/$file" "$service/$file" || continue 2
    done
    mkdir -p "$(dirname "$shared/$file")"
    mv "${services[0]}/$file" "$shared/$file"
    for service in "${services[@]:1}"; do rm "$service/$file"; done
done
