#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests; the last line says how many passed and failed.
#   tools/test.sh          one build with assertions, and the Python package
#   tools/test.sh --full   releases with gcc and with clang, warnings as errors; assertions, and what
#                          of src/ the tests run, in lines and branches; the address and undefined-
#                          behaviour sanitizers, also under the Python package; the thread
#                          sanitizer; the oldest Meson
#   tools/test.sh --coverage   the build of these that counts lines and branches
# BATCHPROP_MNIST=FOLDER and BATCHPROP_FANN=FOLDER name data for tests that are skipped without it.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

full=no
case "${1:-}" in
'') ;;
--full) full=yes ;;
--coverage) full=coverage ;;
*)
    sed -n '2,9s/^# //p' "${BASH_SOURCE[0]}"
    [ "$1" = --help ] && exit 0
    exit 2
    ;;
esac

passed=0
failed=0
skipped=0

compile() {
    local folder=$1 compiler=$2
    shift 2
    CC=$compiler configure "$folder" "$@"
    meson compile -C "$folder"
}

# One more suite at once than there are processors: some wait for other processes most of the time.
run_tests() {
    local folder=$1 name=$2 patience=$3 kind left_out=()
    for kind in $4; do left_out+=(--no-suite "$kind"); done
    rm -f "$folder/meson-logs/testlog.json"
    find "$folder" -name '*.gcda' -delete # what earlier runs have counted
    meson test -C "$folder" --no-rebuild --print-errorlogs --timeout-multiplier "$patience" \
        --num-processes $(($(nproc) + 1)) "${left_out[@]}" || true
    python3 "$root/tools/count_tests.py" "$folder" "$name" "${left_out[@]}" >"$folder/result.txt"
}

# count_results FILE: shows it, and adds up what its last line says.
count_results() {
    local counts
    if [ ! -s "$1" ]; then
        failed=$((failed + 1))
        return
    fi
    sed 's/^/  /' "$1"
    read -r -a counts <<<"$(tail -n 1 "$1" | tr -cd '0-9 ')"
    passed=$((passed + counts[0]))
    failed=$((failed + counts[1]))
    skipped=$((skipped + counts[2]))
}

# check NAME COMPILER PATIENCE KINDS OPTION...: builds into build-test/NAME and runs the tests there but
# those of these kinds (tests/meson.build), with PATIENCE times the usual time limits.
check() {
    local name=$1 compiler=$2 patience=$3 kinds=$4 folder=$root/build-test/$1
    shift 4
    attempt "$name: build" compile "$folder" "$compiler" -Dtests=enabled "$@"
    if [ "$attempt_status" -ne 0 ]; then
        failed=$((failed + 1))
        return
    fi
    rm -f "$folder/result.txt"
    attempt "$name: test" run_tests "$folder" "$name" "$patience" "$kinds"
    count_results "$folder/result.txt"
}

measure_coverage() {
    "$root/tools/coverage.sh" "$1" | tee "$1/coverage.txt"
}

# Assertions, and no more about the debugger than lines: the rest takes the compiler twice the time.
assertions=(--buildtype=debugoptimized -Dc_args=-g1 -Dcpp_args=-g1)

# By gcc: programs of clang that run at once damage what each other has counted.
check_coverage() {
    local folder=$root/build-test/coverage
    check coverage gcc 3 'faults openmpi once' "${assertions[@]}" -Db_coverage=true -Dbench=disabled
    rm -f "$folder/coverage.txt"
    attempt 'coverage: count' measure_coverage "$folder"
    if [ "$attempt_status" -eq 0 ]; then
        sed 's/^/  /' "$folder/coverage.txt"
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

# A command and an example without any shared library, and a library without the command.
check_static() {
    local folder=$root/build-test/static
    attempt 'static: build' compile "$folder" gcc --buildtype=plain -Ddefault_library=static \
        -Dprefer_static=true -Dhwloc=disabled -Dtests=disabled
    [ "$attempt_status" -ne 0 ] || attempt 'static: run' "$folder/examples/train_arrays"
    [ "$attempt_status" -ne 0 ] || attempt 'static: command' "$folder/src/cli/batchprop" --version
    if [ "$attempt_status" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi

    # The library alone, without the command and its libraries.
    folder=$root/build-test/library
    attempt 'library: build' compile "$folder" gcc --buildtype=plain -Dcommand=disabled \
        -Dbench=disabled -Dtests=disabled
    [ "$attempt_status" -ne 0 ] || attempt 'library: run' "$folder/examples/train_arrays"
    if [ "$attempt_status" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# The oldest Meson that meson.build takes, which bare systems have: newer ones allow more.
make_oldest_meson() {
    rm -rf "$1"
    python3 -m venv "$1/venv"
    "$1/venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 'meson==1.0.*'
}

configure_by_oldest_meson() {
    CC=gcc "$1/venv/bin/meson" setup "$1/build" "$root" -Dtests=enabled
}

check_oldest_meson() {
    local folder=$root/build-test/oldest-meson
    attempt 'oldest Meson: environment' make_oldest_meson "$folder"
    if [ "$attempt_status" -ne 0 ]; then
        echo '  oldest Meson: skipped: pip cannot install it'
        skipped=$((skipped + 1))
        return
    fi
    attempt 'oldest Meson: configure' configure_by_oldest_meson "$folder"
    if [ "$attempt_status" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# The package needs an index of packages, or an environment that has all of them from the last time.
make_environment() {
    local folder=$1 reason=$1/skipped.txt
    mkdir -p "$folder"
    rm -f "$reason"
    if ! python3 -m venv "$folder/venv"; then
        echo 'python: skipped: python3 -m venv fails' >"$reason"
    elif ! "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 \
        --requirement "$root/tests/python/requirements.txt"; then
        echo 'python: skipped: pip cannot install tests/python/requirements.txt' >"$reason"
    fi
}

build_package() {
    PATH=$1/venv/bin:$PATH "$1/venv/bin/python" -m pip install --disable-pip-version-check --force-reinstall \
        --no-build-isolation --no-deps --config-settings=build-dir="$1/build" "$root"
}

# count_pytest NAME FILE: what its last line says; without any counts pytest did not come to its end.
count_pytest() {
    awk -v name="$1" '{ for (k = 2; k <= NF; k++) { word = $k; sub(/,$/, "", word); count[word] = $(k - 1) } }
        END { failed = count["failed"] + count["error"] + count["errors"]
              if (count["passed"] + failed == 0) failed = 1
              printf "%s: %d passed, %d failed, %d skipped\n", name, count["passed"], failed, count["skipped"] }' \
        <<<"$(tail -n 1 "$2")"
}

# In a folder from which the sources of the package are not found.
test_package() {
    cd "$1" && rm -f result.txt
    venv/bin/python -m pytest -q -p no:cacheprovider "$root/tests/python" | tee pytest.txt || true
    count_pytest python pytest.txt >result.txt
}

# On the library of the check "address".
test_sanitized() {
    cd "$1" && rm -f result.txt
    "$root/tests/python/sanitize.sh" "$1/venv/bin/python" "$root/build-test/address" "$1/sanitized" 2>&1 |
        tee sanitized.txt || true
    count_pytest 'python, sanitizers' sanitized.txt >result.txt
}

check_python() {
    local folder=$root/build-test/python
    attempt 'python: environment' make_environment "$folder"
    if [ -s "$folder/skipped.txt" ]; then
        sed 's/^/  /' "$folder/skipped.txt"
        skipped=$((skipped + 1))
        return
    fi
    attempt 'python: build' build_package "$folder"
    if [ "$attempt_status" -ne 0 ]; then
        failed=$((failed + 1))
        return
    fi
    attempt 'python: test' test_package "$folder"
    count_results "$folder/result.txt"
    [ "$full" = yes ] || return 0
    attempt 'python, sanitizers: test' test_sanitized "$folder"
    count_results "$folder/result.txt"
}

export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export ASAN_OPTIONS=detect_stack_use_after_return=1
export TSAN_OPTIONS=halt_on_error=1

started=$(clock)
start_log test
trap 'hand_back "$root/build-test" "$root/build-logs"' EXIT
echo "batchprop tests"
if [ "$full" = no ]; then
    step 'packages' "$root/tools/install-packages.sh" --tests
    check debug "${CC:-cc}" 1 '' --buildtype=debugoptimized
elif [ "$full" = coverage ]; then
    step 'packages' "$root/tools/install-packages.sh" --full
    check_coverage
else
    step 'packages' "$root/tools/install-packages.sh" --full
    check release gcc 1 '' --buildtype=release -Dwerror=true
    check clang clang 1 'faults mpi once' --buildtype=release -Dwerror=true
    check_coverage
    check address gcc 5 'openmpi once' "${assertions[@]}" -Db_sanitize=address,undefined \
        -Db_lundef=false
    check_static
    check_oldest_meson
    check thread gcc 5 '' "${assertions[@]}" -Db_sanitize=thread -Db_lundef=false -Dopenmp=disabled
fi
[ "$full" = coverage ] || check_python

printf '\nin %s; the whole log is %s\n' "$(since "$started")" "$log"
line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
