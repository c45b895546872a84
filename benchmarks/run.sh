#!/bin/sh
# Runs every benchmark, one after another.
set -eu
cd "$(dirname "$0")/.."
found=no
for script in benchmarks/*.py; do
    [ -e "$script" ] || continue
    found=yes
    echo "== $script"
    .venv/bin/python "$script"
done
[ "$found" = yes ] || echo "There are no benchmarks yet."
