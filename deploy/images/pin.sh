#!/usr/bin/env bash
# ./outdial pin-images: names the images of others by what they are, and not by a tag that somebody may move.
set -euo pipefail
export LC_ALL=C

root=${OUTDIAL_PIN_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}   # another one in tests
files=("$root/Dockerfile" "$root/docker-compose.yml")

fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

usage() {
    cat <<'TEXT'
Usage: ./outdial pin-images [--check | --unpin]

Asks the registries which image each tag in Dockerfile and docker-compose.yml stands for now, and writes its digest behind the tag
(postgres:17@sha256:…). Run it again to renew; to go to another version, change the tag first. Look at the difference and commit it.
  --check    ask nobody; end with 1 and name the images that have no digest
  --unpin    take the digests out again
TEXT
}

mode=pin
case ${1:-} in
    "") ;;
    --check) mode=check ;;
    --unpin) mode=unpin ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; fail "'$1' is not understood." ;;
esac

# name:tag or name:tag@sha256:…, of a FROM that is no stage of ours, and of an image: that we do not build; also as the default of a variable.
references() {
    {
        sed -nE 's/^FROM +([^ ]+).*/\1/p' "${files[0]}" | grep -E '[/:]' || true
        sed -nE 's/^ +image: +(\$\{[A-Z_]+:-)?([^ }]+)\}?.*/\2/p' "${files[1]}" | grep -vE '^outdial/' || true
    } | sort -u
}

digest_of() {
    local found
    found=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$1" 2>/dev/null) ||
        found=$({ docker pull --quiet "$1" && docker image inspect --format '{{join .RepoDigests "\n"}}' "$1"; } 2>/dev/null | sed -n 's/.*@//p' | head -n 1) || found=
    [[ $found =~ ^sha256:[0-9a-f]{64}$ ]] || fail "no registry says what $1 is now. Nothing was changed."
    printf '%s' "$found"
}

if [ "$mode" = check ]; then
    loose=$(references | grep -v '@sha256:' || true)
    [ -z "$loose" ] || fail "these images have no digest; './outdial pin-images' asks for them: $(tr '\n' ' ' <<<"$loose")"
    echo "Every image of others is named by its digest."
    exit 0
fi

# All are asked before any is written: either all files are of today, or none.
changes=()
while read -r reference; do
    tag=${reference%@*}
    new=$tag
    if [ "$mode" = pin ]; then
        command -v docker >/dev/null || fail "there is no docker here to ask the registries with."
        [[ ${tag##*/} == *:* ]] || fail "$tag has no tag: write the version that is meant, such as $tag:1.2.3."
        new=$tag@$(digest_of "$tag")
    fi
    [ "$new" = "$reference" ] || changes+=("$reference $new")
done < <(references)

for change in "${changes[@]:+${changes[@]}}"; do
    [ -n "$change" ] || continue
    read -r old new <<<"$change"
    for file in "${files[@]}"; do
        awk -v old="$old" -v new="$new" '
            { rest = $0; line = ""
              while ((at = index(rest, old)) > 0) {
                  after = substr(rest, at + length(old), 1)
                  line = line substr(rest, 1, at - 1) (after == "" || after ~ /[ }"]/ ? new : old)
                  rest = substr(rest, at + length(old))
              }
              print line rest }' "$file" >"$file.new"
        cat "$file.new" >"$file"   # the file keeps its owner and its rights
        rm "$file.new"
    done
    printf '%s\n' "$new"
done
[ ${#changes[@]} -gt 0 ] || echo "Nothing has changed."
