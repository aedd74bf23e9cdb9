#!/usr/bin/env bash
# Feeds mutated files to each reader of files, and mutated scenarios, for a minute each
# (or as many seconds as the first argument says).
#
#   scripts/fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."

export GOSSIM_FUZZ_SECONDS="${1:-60}"
cargo test --quiet --test library -- fuzz:: --nocapture --test-threads 1
