#!/usr/bin/env bash
# Prints the table of benches/README.md: what an event costs here, gossim and
# yardstick in turn, median (least-greatest) of 7 pairs. About two minutes.
#
#   scripts/cost.sh [WORD...]      only rows whose name has a WORD, as in W3 or heap
set -euo pipefail
cd "$(dirname "$0")/.."

cargo bench --quiet --bench cost -- "$@"
