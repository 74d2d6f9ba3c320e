#!/bin/sh
# The short run of a target: its seeds, made here, and what was wrong once. With libFuzzer (RUNS is not 0) also RUNS
# inputs made from them, the same ones each time.
#   run.sh PROGRAM NAME RUNS BATCHPROP SOURCE_ROOT PYTHON
set -eu
program=$1 name=$2 runs=$3 batchprop=$4 source=$5 python=$6
here=$source/tests/fuzz
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$python" "$here/seeds.py" "$batchprop" "$source" "$scratch/seeds" "$name"
set -- "$scratch/seeds/$name"
[ ! -d "$here/regressions/$name" ] || set -- "$@" "$here/regressions/$name"
if [ "$runs" -eq 0 ]; then
    "$program" "$@"
    exit
fi
mkdir "$scratch/corpus"
set -- "$scratch/corpus" "$@"
[ ! -e "$here/dictionaries/$name.dict" ] || set -- "-dict=$here/dictionaries/$name.dict" "$@"
"$program" -seed=1 -runs="$runs" -max_len=8192 -timeout=100 -rss_limit_mb=2048 -malloc_limit_mb=512 \
    -artifact_prefix="$scratch/found-" "$@" || {
    status=$?
    for file in "$scratch"/found-*; do
        [ ! -f "$file" ] || { echo "an input for regressions/$name:" && base64 "$file"; }
    done
    exit $status
}
