#!/usr/bin/env bash
# How often does `compare --fail-if-worse` fail where nothing is worse, and does
# it find what is? The scenario has 60 cells; the pairs of seeds (2i, 2i + 1) are
# disjoint, so the comparisons are independent.
#
#     scripts/gate.sh [PAIRS]          # 100 by default: a minute or two
#
# Equal systems may fail in 1 of 20 comparisons: of 100 more than 12 do so with
# probability 0.0015. Then B is made to take 25 % more rounds in every run.
set -euo pipefail
cd "$(dirname "$0")/.."
pairs=${1:-100}
gossim=${GOSSIM:-${CARGO_TARGET_DIR:-target}/release/gossim}
[[ -x $gossim ]] || cargo build --release --locked
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

cat >"$folder/gate.toml" <<'TOML'
# 60 cells; two seeds of the very same scenario: no cell is worse in truth.
name = "gate"
[nodes]
count = 30
[protocol]
kind = "push"
[stop]
all_informed = true
time = "300s"
[measure]
series = false
contact = false
[sweep]
replicates = 40
"protocol.fanout" = [1, 2, 3, 4, 5]
"network.loss" = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
"nodes.count" = [10, 30]
TOML

sweep() {
    "$gossim" --quiet sweep "$folder/gate.toml" --seed "$1" --out "$folder/$1"
}

# Exit code 0: not worse; 1: worse; all else is an error of this script.
is_worse() {
    local code=0
    "$gossim" --quiet compare "$1" "$2" --fail-if-worse rounds_to_all 2>"$folder/error" || code=$?
    ((code <= 1)) || { cat "$folder/error" >&2; exit 1; }
    ((code == 1))
}

failed=0
for ((pair = 1; pair <= pairs; pair++)); do
    a=$((2 * pair)) b=$((2 * pair + 1))
    sweep $a
    sweep $b
    ! is_worse "$folder/$a" "$folder/$b" || failed=$((failed + 1))
    ((pair == 1)) || rm -r "${folder:?}/$a" "${folder:?}/$b"
done
echo "$failed of $pairs comparisons of equal systems fail"

# The planted loss: the column of rounds, a quarter longer. What a table says of
# itself is checked by `verify`; `compare` reads it as it is.
python3 - "$folder/3/runs.csv" <<'PYTHON'
import csv, sys
with open(sys.argv[1], newline="") as file:
    header, *rows = csv.reader(file)
place = header.index("rounds_to_all")
for row in rows:
    if row[place]:
        row[place] = repr(float(row[place]) * 1.25)
with open(sys.argv[1], "w", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows([header, *rows])
PYTHON
is_worse "$folder/2" "$folder/3" || { echo "a planted loss was overlooked" >&2; exit 1; }
sed 's/:.*in \([0-9]* of 60 cells\):.*/: 25 % more rounds are found in \1/' "$folder/error" | head -n 1
((failed * 100 <= 12 * pairs))
