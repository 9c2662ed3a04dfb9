#!/usr/bin/env bash
# Says what each program is made of: one bill of materials (CycloneDX, JSON) for each project of deploy/Images.slnx, from what is restored.
# Runs where the images are built, and as ./outdial sbom.
set -euo pipefail
export LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

[ $# -eq 1 ] || { printf 'Usage: deploy/sbom/sbom.sh FOLDER\n\nWrites FOLDER/<assembly>/sbom.cdx.json for each program.\n' >&2; exit 64; }
mkdir -p -- "$1"
folder=$(cd -- "$1" && pwd)
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

# From the same feed as the packages, in the version of .config/dotnet-tools.json.
dotnet tool restore >/dev/null || fail "the tool that writes bills of materials (.config/dotnet-tools.json) could not be restored from the package feed."
sed -n 's/.*<Project Path="\.\.\/\(.*\)".*/\1/p' deploy/Images.slnx | while read -r project; do
    assembly=$(basename -- "$project" .csproj)
    [ -e "$(dirname -- "$project")/obj/project.assets.json" ] || dotnet restore "$project" -v quiet
    log=$(dotnet CycloneDX "$project" --output "$folder/$assembly" --filename sbom.cdx.json --output-format Json --set-name "$assembly" \
        --disable-package-restore 2>&1) || { printf '%s\n' "$log" >&2; fail "there is no bill of materials for $project."; }
    printf '%s/%s/sbom.cdx.json\n' "$folder" "$assembly"
done
