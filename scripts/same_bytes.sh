#!/usr/bin/env bash
# Do two builds of gossim write the same bytes for a scenario?
#
#   scripts/same_bytes.sh SCENARIO PROGRAM PROGRAM [OPTION...]
#
# Each PROGRAM is a command, in quotes if it has arguments, as in
# "qemu-x86_64 -cpu Nehalem target/release/gossim". The OPTIONs go to the sweep.
# Compared: all tables, the scenario as run, PNG and SVG of every picture, and
# the manifest without its `environment`, which is the last thing in it.
set -euo pipefail

[[ $# -ge 3 ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
scenario=$1 one=$2 other=$3
shift 3

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# make PROGRAM NAME [OPTION...]: results in a folder of that name
make() {
    local program name=$2
    read -ra program <<<"$1"
    shift 2
    "${program[@]}" --quiet sweep "$scenario" --out "$folder/$name" "$@"
    "${program[@]}" --quiet plot "$folder/$name" --format png,svg
    sed -i '/^  "environment": {/,/^  }/d' "$folder/$name/datapackage.json"
}

make "$one" one "$@"
make "$other" other "$@"
diff -r "$folder/one" "$folder/other" || { echo "$scenario: $one and $other differ" >&2; exit 1; }

files=("$folder"/one/*)
for end in runs.csv png svg; do
    compgen -G "$folder/one/*$end" >/dev/null || { echo "$scenario: no $end was compared" >&2; exit 1; }
done
echo "same bytes, ${#files[@]} files: $scenario by $one and by $other"
