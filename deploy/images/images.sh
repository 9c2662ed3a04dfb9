#!/usr/bin/env bash
# ./outdial images: builds an image of each program, and pushes them where that is asked for.
set -euo pipefail
export LC_ALL=C

root=${OUTDIAL_IMAGES_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}   # another one in tests
all=($(sed -nE 's/^FROM +[^ ]+ +AS +([a-z-]+)$/\1/p' "$root/Dockerfile" 2>/dev/null | grep -vxE 'build|runtime|service' || true))

fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

usage() {
    cat <<TEXT
Usage: ./outdial images [--registry R] [--push] [--tag T] [program …]

Builds an image of each program, or of those that are named: outdial/pacer:1.2.3 and so on. Everything is compiled once, for all of them.
  --registry R   where they are to go, such as registry.example.org/dialing: R/outdial/pacer:1.2.3
  --push         send them there once all are built; who may, 'docker login' says
  --tag T        in place of the checkout's own version (the last tag v1.2.3 and how many commits came since)
There are: ${all[*]}.
TEXT
}

registry='' push='' tag='' programs=()
while [ $# -gt 0 ]; do
    case $1 in
        --registry | --tag)
            [ $# -gt 1 ] && [ -n "$2" ] || fail "$1 needs a value. './outdial images --help' tells which."
            if [ "$1" = --tag ]; then tag=$2; else registry=${2%/}; fi
            shift
            ;;
        --registry=?*) registry=${1#*=} registry=${registry%/} ;;
        --tag=?*) tag=${1#*=} ;;
        --push) push=yes ;;
        --help | -h | '-?') usage; exit 0 ;;
        -*) fail "images has no option '$1'. There are: --registry --push --tag. './outdial images --help' tells what they are." ;;
        *)
            [[ " ${all[*]} " == *" $1 "* ]] || fail "there is no program '$1'. There are: ${all[*]}."
            programs+=("$1")
            ;;
    esac
    shift
done
[ ${#programs[@]} -gt 0 ] || programs=("${all[@]}")

[[ -z $registry || $registry =~ ^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$ ]] ||
    fail "--registry is '$registry'; expected a host with a path, such as registry.example.org/dialing, without a scheme."
[[ -z $tag || $tag =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] ||
    fail "--tag is '$tag'; expected a version such as 1.2.3, of letters, digits, '.', '_' and '-', 128 at most."
[ -z "$push" ] || [ -n "$registry" ] || fail "--push needs to know where to: name a registry with --registry."

git_() { git -C "$root" -c safe.directory="$root" "$@" 2>/dev/null; }
revision=$(git_ rev-parse HEAD) || revision=
changed=$([ -z "$revision" ] || git_ status --porcelain --untracked-files=normal | head -n 3)

# What a tag stands for has to be found again: by a commit, or by whoever chose the name.
if [ -z "$tag" ]; then
    [ -n "$revision" ] || fail "there is no git here to ask for the version: name it with --tag 1.2.3."
    [ -z "$changed" ] || fail "there are changes that no commit holds, so that no version names what would be built:
$changed
Commit them, or name it with --tag."
    tag=$(git_ describe --tags --exact-match --match 'v[0-9]*' HEAD) && tag=${tag#v} || {
        command -v dotnet >/dev/null || fail "HEAD has no tag v1.2.3, and the .NET SDK, which counts the commits since, is missing: name a version with --tag."
        project=$root/contracts/Outdial.Contracts.csproj
        dotnet restore "$project" -v quiet -nodeReuse:false >/dev/null && tag=$(dotnet msbuild "$project" -t:MinVer -getProperty:MinVerVersion -nodeReuse:false) ||
            fail "the version of the checkout could not be found: name one with --tag."
    }
fi
[ -z "$changed" ] || revision+=-changed

command -v docker >/dev/null || fail "there is no docker here to build images with."
docker version >/dev/null 2>&1 || fail "no Docker engine answers: 'docker version' says why."

# Of one and the same state, whatever is edited meanwhile: the commit that the label names.
context=$root
if [ -n "$revision" ] && [ -z "$changed" ]; then
    context=$(mktemp -d)
    trap 'rm -rf "$context"' EXIT
    git_ archive HEAD | tar -x -C "$context"
fi

name_of() { printf '%soutdial/%s:%s' "${registry:+$registry/}" "$1" "$tag"; }
source=$(git_ remote get-url origin) || source=
[[ $source =~ ^https://[^@]+$ ]] || source=   # a path of this machine, or one with a password, is nobody's business
labels=(--build-arg VERSION="$tag" --build-arg REVISION="$revision" --build-arg SOURCE="$source"
    --build-arg CREATED="$([ -z "$revision" ] || TZ=UTC git_ show -s --date='format-local:%Y-%m-%dT%H:%M:%SZ' --format=%cd HEAD)")

for program in "${programs[@]}"; do
    printf 'Building %s …\n' "$(name_of "$program")"
    docker build --quiet "${labels[@]}" --target "$program" --tag "$(name_of "$program")" "$context" >/dev/null ||
        fail "$program could not be built; what was said is above. Nothing was pushed."
done
# Not before all of them are there: a version is whole, or it is not.
if [ -n "$push" ]; then
    for program in "${programs[@]}"; do
        printf 'Pushing %s …\n' "$(name_of "$program")"
        docker push --quiet "$(name_of "$program")" >/dev/null || fail "$program could not be pushed; what was said is above. Run this again."
    done
fi
printf '\n%-14s %8s\n' image MB
for program in "${programs[@]}"; do
    printf '%-14s %8s\n' "$program" "$(docker image inspect --format '{{.Size}}' "$(name_of "$program")" | awk '{ printf "%.1f", $1 / 1e6 }')"
done
printf '\nVersion %s.%s\n' "$tag" "$([ -n "$registry" ] || printf " With docker compose: OUTDIAL_TAG=%s in .env, and 'docker compose up' without --build." "$tag")"
