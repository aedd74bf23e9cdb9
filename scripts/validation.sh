#!/usr/bin/env bash
# Makes docs/validation.md and docs/validation.csv again: every published and
# exact result that gossim is held against, run with seed 1.
#
#   scripts/validation.sh [SEEDS]
#
# With SEEDS, as in 20, runs it with the seeds 1 to SEEDS, and says how many rows
# failed and what all z together look like. Exits with 1 if a row failed.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release
gossim="${CARGO_TARGET_DIR:-target}/release/gossim"
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

failed=0
"$gossim" --quiet validate --seed 1 --out docs || failed=1
cp docs/validation.csv "$folder/1.csv"
for ((seed = 2; seed <= ${1:-1}; seed++)); do
    "$gossim" --quiet validate --seed "$seed" --out "$folder/$seed" || failed=1
    cp "$folder/$seed/validation.csv" "$folder/$seed.csv"
done

# z and the verdict are the last two fields, without commas in them.
tail -q -n +2 "$folder"/*.csv | awk -F, '
    { rows++; bad += $NF == "FAIL" }
    $NF != "differs" { z = $(NF - 1); judged++; beyond += z * z > 4; squares += z * z }
    END {
        printf "%d of %d rows fail; |z| > 2 in %.2f %% of %d (by chance 4.55 %%), ", bad, rows, 100 * beyond / judged, judged
        printf "sum of z^2 %.0f (by chance %d)\n", squares, judged
    }'
exit "$failed"
