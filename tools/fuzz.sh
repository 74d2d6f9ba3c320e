#!/usr/bin/env bash
# Fuzzes the readers of batchprop: builds the targets in tests/fuzz with clang, libFuzzer and the sanitizers
# into build-test/fuzz, and runs each of them for N minutes on all processors.
#   tools/fuzz.sh --minutes N [TARGET...]    all targets, or those that are named
#   tools/fuzz.sh --runs N [TARGET...]       until each has run N inputs
#   tools/fuzz.sh --list                     their names
# With --fast the undefined-behaviour sanitizer alone is used, and libFuzzer does not see what is compared, so that more
# inputs run in the same time; these targets are in build-test/fuzz-fast.
# What a target has found interesting stays in build-test/fuzz-corpus for the next time and for the other build. An
# input that ends a target is in the folder found of the build; the last lines say how to run it again. The exit status
# is 0 if there is none and all ran.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

folder=$root/build-test/fuzz
sanitizers=(-Db_sanitize=address,undefined)
seconds=0
runs=-1
targets=()

list_targets() {
    (cd "$root/tests/fuzz" && printf '%s\n' fuzz_*.c | sed -n 's/^fuzz_\([a-z_]*\)\.c$/\1/p')
}

usage() {
    sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit "$1"
}

while [ $# -gt 0 ]; do
    case $1 in
    --minutes) seconds=$((${2:?--minutes N} * 60)) && shift ;;
    --runs) runs=${2:?--runs N} && shift ;;
    --fast)
        folder=$root/build-test/fuzz-fast
        sanitizers=(-Db_sanitize=undefined -Dc_args=-fno-sanitize-coverage=trace-cmp)
        ;;
    --list) list_targets && exit 0 ;;
    --help | -h) usage 0 ;;
    -*) usage 2 >&2 ;;
    *)
        list_targets | grep -qx "$1" || {
            echo "fuzz.sh: there is no target $1; see --list" >&2
            exit 2
        }
        targets+=("$1")
        ;;
    esac
    shift
done
[ "$seconds" -gt 0 ] || [ "$runs" -gt 0 ] || usage 2 >&2
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(list_targets)

build_targets() {
    CC=${CC:-clang} configure "$folder" --buildtype=debugoptimized -Dfuzz=true "${sanitizers[@]}" -Db_lundef=false \
        -Ddefault_library=static -Dopenmp=disabled -Dhwloc=disabled -Dmpi=disabled -Dbench=disabled \
        -Dexamples=false
    ninja -C "$folder" "${targets[@]/#/tests/fuzz/fuzz_}" src/cli/batchprop
    rm -rf "$folder/seeds"
    python3 "$root/tests/fuzz/seeds.py" "$folder/src/cli/batchprop" "$root" "$folder/seeds"
}

# show TARGET: libFuzzer's lines as they come, one every few seconds: runs, runs a second, edges reached.
show() {
    awk -v name="$1" '
        /^#[0-9]+: cov:/ {
            runs = $1; gsub(/[#:]/, "", runs)
            for (k = 2; k < NF; k++) {
                if ($k == "cov:") edges = $(k + 1)
                if ($k == "exec/s:" || $k == "exec/s") speed = $(k + 1)
            }
            now = $NF == "" ? 0 : systime()
            if (now >= next_line) {
                printf "  %-12s %12d runs %8d a second %7d edges\n", name, runs, speed, edges
                fflush()
                next_line = now + 10
            }
            next
        }
        /ERROR|SUMMARY|runtime error|does not hold|Test unit written/ { print "    " $0; fflush() }
        END { printf "  %-12s %12d runs in all, %d edges\n", name, runs, edges }'
}

# replay_found PROGRAM FOLDER: removes what an earlier run has found and has been mended since.
replay_found() {
    local input
    for input in "$2"/*; do
        [ ! -e "$input" ] || ! "$1" -timeout=10 "$input" >/dev/null 2>&1 || rm "$input"
    done
}

# fuzz TARGET: fails if an input ended it, or if it did not run.
fuzz() {
    local name=$1 program=$folder/tests/fuzz/fuzz_$1 corpus=$root/build-test/fuzz-corpus/$1 found=$folder/found/$1 options=()
    local dictionary=$root/tests/fuzz/dictionaries/$1.dict once=() status=0
    mkdir -p "$corpus" "$found"
    [ ! -d "$root/tests/fuzz/regressions/$name" ] || once+=("$root/tests/fuzz/regressions/$name")
    replay_found "$program" "$found"
    [ ! -e "$dictionary" ] || options+=("-dict=$dictionary")
    [ "$seconds" -eq 0 ] || options+=("-max_total_time=$seconds")
    [ "$runs" -lt 0 ] || options+=("-runs=$runs")
    "$program" "${options[@]}" "-fork=$(nproc)" -entropic=0 -max_len=8192 -timeout=10 -rss_limit_mb=1024 \
        -malloc_limit_mb=256 -print_funcs=0 -artifact_prefix="$found/" "$corpus" "$folder/seeds/$name" "${once[@]}" 2>&1 |
        tee "$folder/$name.log" | show "$name" || status=$?
    [ "$status" -eq 0 ] && [ -z "$(ls -A "$found")" ]
}

export ASAN_OPTIONS=allocator_may_return_null=1:quarantine_size_mb=16
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# Each process writes its inputs to a folder of its own: in memory where there is one for it.
[ ! -w /dev/shm ] || export TMPDIR=${TMPDIR:-/dev/shm}
start_log fuzz
step 'build' build_targets
failed=0
for name in "${targets[@]}"; do
    if ! fuzz "$name"; then
        failed=1
        echo "  $name has failed: ${folder#"$root/"}/$name.log says why. Inputs on which it has ended are in"
        echo "  ${folder#"$root/"}/found/$name. To run one again:"
        echo "    ${folder#"$root/"}/tests/fuzz/fuzz_$name ${folder#"$root/"}/found/$name/FILE"
    fi
done
exit $failed
