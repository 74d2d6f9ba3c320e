#!/usr/bin/env bash
# Measures this machine: kernels, training steps over a grid of networks, other systems beside
# batchprop, scaling; writes docs/benchmarks.md and docs/scaling.svg. Takes about twenty minutes.
#   tools/bench.sh --quick    a few minutes; the report goes to build-bench/bench-results only
# BATCHPROP_PEERS_PYTHON=PYTHON names the interpreter that has torch and sklearn; default python3.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

quick=()
case "${1:-}" in
'') ;;
--quick) quick=(--quick) ;;
*)
    sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"
    [ "$1" = --help ] && exit 0
    exit 2
    ;;
esac

build=$root/build-bench
results=$build/bench-results
command=$build/src/cli/batchprop
BATCHPROP_LOAD=$(uptime | sed 's/.*load average[s]*: *//')
export BATCHPROP_LOAD

measure_kernels() {
    "$build/bench/kernel_speed" >"$results/kernels.txt"
}

measure_steps() {
    python3 "$root/bench/steps.py" "${quick[@]}" --json "$results/steps.json" "$command"
}

measure_peers() {
    python3 "$root/bench/peers.py" "${quick[@]}" --json "$results/peers.json" "$build"
}

measure_ensembles() {
    local length=()
    [ ${#quick[@]} -eq 0 ] || length=(--turns 3 --rows 500)
    "$build/bench/ensemble_speed" "${length[@]}" --json >"$results/ensembles.json"
}

draw_scaling() {
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
step 'kernels' measure_kernels
step 'training steps' measure_steps
step 'other systems' measure_peers
step 'ensembles' measure_ensembles
step 'scaling' draw_scaling
step 'report' write_report

report=$results/benchmarks.md
if [ ${#quick[@]} -eq 0 ]; then
    cp "$results/benchmarks.md" "$results/scaling.svg" "$root/docs/"
    report=$root/docs/benchmarks.md
fi
echo
sed -n '/^## Goals/,/^## Training/{/^|/p}' "$report"
printf '\nThe whole report is %s, all figures are in\n%s\n' "$report" "$results"
