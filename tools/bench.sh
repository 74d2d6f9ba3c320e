#!/usr/bin/env bash
# Measures this machine: kernels, training steps over a grid of networks, many threads simulated,
# late epochs, other systems beside batchprop, prediction of a file, ensembles, scaling; writes
# docs/benchmarks.md and docs/scaling.svg. Takes about forty minutes.
#   tools/bench.sh --quick      a few minutes; the report goes to build-bench/bench-results only
#   tools/bench.sh --resume     goes on where a run ended: what it has measured stays
#   tools/bench.sh --for S      begins nothing more after S seconds; then --resume goes on
# BATCHPROP_PEERS_PYTHON=PYTHON names the interpreter that has torch, jax and sklearn; default python3.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    sed -n '2,8s/^# //p' "${BASH_SOURCE[0]}"
    exit "$1"
}

quick=()
resume=no
duration=
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=(--quick) ;;
    --resume) resume=yes ;;
    --for)
        [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage 2
        duration=$2
        shift
        ;;
    --help) usage 0 ;;
    *) usage 2 ;;
    esac
    shift
done

build=$root/build-bench
results=$build/bench-results
command=$build/src/cli/batchprop
BATCHPROP_LOAD=$(uptime | sed 's/.*load average[s]*: *//')
export BATCHPROP_LOAD

# left: the seconds until nothing more is to begin.
left() {
    if [ -n "$duration" ]; then echo $((duration - SECONDS)); else echo inf; fi
}

# part NAME TITLE: measures what measure_NAME does, unless an earlier run has; sees the end of the time.
part() {
    [ -e "$results/$1.done" ] && return
    if [ -n "$duration" ] && [ "$(left)" -le 0 ]; then
        unfinished
    fi
    step "$2" measure_part "$1"
    [ -e "$results/$1.done" ] || unfinished
}

# Exit status 75 says that there is more to measure, and is no failure.
measure_part() {
    local status=0
    "measure_$1" || status=$?
    [ "$status" -ne 0 ] || touch "$results/$1.done"
    [ "$status" -eq 75 ] || return "$status"
}

unfinished() {
    printf '\nThe time is up; go on with: tools/bench.sh --resume\n'
    exit 75
}

measure_kernels() {
    "$build/bench/kernel_speed" >"$results/kernels.txt"
}

measure_steps() {
    python3 "$root/bench/steps.py" "${quick[@]}" --json "$results/steps.json" --resume \
        --seconds "$(left)" "$command"
}

measure_simulations() {
    python3 "$root/bench/simulate.py" "${quick[@]}" --json "$results/simulations.json" --resume \
        --seconds "$(left)" "$command"
}

measure_late() {
    local length=()
    [ ${#quick[@]} -eq 0 ] || length=(--epochs 3 --samples 3000)
    python3 "$root/bench/late_epochs.py" "${length[@]}" --json "$results/late.json" "$command"
}

measure_peers() {
    python3 "$root/bench/peers.py" "${quick[@]}" --json "$results/peers.json" --resume \
        --seconds "$(left)" "$build"
}

measure_predict() {
    python3 "$root/bench/predict.py" "${quick[@]}" --json "$results/predict.json" --resume "$command"
}

measure_ensembles() {
    local length=()
    [ ${#quick[@]} -eq 0 ] || length=(--turns 3 --rows 500)
    "$build/bench/ensemble_speed" "${length[@]}" --json >"$results/ensembles.json"
}

measure_scaling() {
    local length=(--repetitions 7 --seconds 0.5)
    [ ${#quick[@]} -eq 0 ] || length=(--repetitions 3 --seconds 0.05)
    "$command" bench --layers 784-1024-1024-10 --batch-size 1024 --scaling both "${length[@]}" \
        --plot "$results/scaling.svg"
}

write_report() {
    python3 "$root/bench/report.py" "$results" "${CC:-cc}" >"$results/benchmarks.md"
}

start_log bench
trap 'hand_back "$build" "$root/build-logs" "$root/docs/benchmarks.md" "$root/docs/scaling.svg"' EXIT
echo "batchprop benchmarks"
step 'packages' "$root/tools/install-packages.sh" --bench
step 'configure a release build' configure "$build" --buildtype=release -Dtests=disabled
step 'compile' meson compile -C "$build"
mkdir -p "$results"
SECONDS=0
[ "$resume" = yes ] || find "$results" -type f -delete
part kernels 'kernels'
part steps 'training steps'
part simulations 'steps of many threads, simulated'
part late 'late epochs'
part peers 'other systems'
part predict 'prediction of a file'
part ensembles 'ensembles'
part scaling 'scaling'
step 'report' write_report

report=$results/benchmarks.md
if [ ${#quick[@]} -eq 0 ]; then
    cp "$results/benchmarks.md" "$results/scaling.svg" "$root/docs/"
    report=$root/docs/benchmarks.md
fi
echo
sed -n '/^## Goals/,/^## Training/{/^|/p}' "$report"
printf '\nThe whole report is %s, all figures are in\n%s\n' "$report" "$results"
