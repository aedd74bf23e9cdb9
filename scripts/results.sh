#!/usr/bin/env bash
# Makes the results again that the README shows and speaks of, in results/.
#
#   scripts/results.sh [OPTION...]      the OPTIONs go to every sweep, as in --jobs 4
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release
gossim="${CARGO_TARGET_DIR:-target}/release/gossim"

for name in quickstart seed_document; do
    "$gossim" run "scenarios/$name.toml"
done
for name in contact_probability contact_samplings contact_clocks convergence quickstart seed_document \
    demers_table1 demers_table2 demers_table3 demers_fixed_point class_room infect_and_die \
    three_ways topologies fixed_degree file_topology partition bandwidth; do
    "$gossim" sweep "scenarios/$name.toml" "$@"
    "$gossim" plot "results/$name" --format png,svg
done

# What git keeps of it: the pictures of the README.
cp results/contact_probability/contact_probability.png results/
cp results/three_ways/convergence.png results/three_ways.png
