#!/usr/bin/env bash
# What of src/ the programs of a build folder, by gcc with -Db_coverage=true, have run, by gcovr: lines and branches.
#   tools/coverage.sh FOLDER                   prints both, and the files with most lines left
#   tools/coverage.sh FOLDER --html FILE       and writes a page for each file beside FILE
# The exit status is 1 if it is less than 95 % of the lines or 85 % of the branches.
# Left out are lines of assert(), their branches, and those that the compiler makes where a block ends.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ $# -lt 1 ] || [ "$1" = --help ]; then
    sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    [ "${1:-}" = --help ] && exit 0
    exit 2
fi
folder=$(cd "$1" && pwd)
page=()
[ "${2:-}" != --html ] || page=(--html-details "$(realpath "${3:?--html FILE}")")

table=$(mktemp)
trap 'rm -f "$table"' EXIT
cd "$root"
set +e
# Threads that count at once lose some, and may leave a number below 0, which gcovr would not read.
gcovr --root . --filter src/ --gcov-ignore-parse-errors --exclude-unreachable-branches \
    --exclude-branches-by-pattern '.*\bassert\(.*' --exclude-lines-by-pattern '.*\bassert\(.*' \
    -j "$(nproc)" --csv "$table" "${page[@]}" --print-summary --fail-under-line 95 --fail-under-branch 85 "$folder" 2>&1 |
    grep -E '^(lines|functions|branches): |minimum|^Error'
status=${PIPESTATUS[0]}
set -e
echo 'Most lines that nothing has run:'
awk -F, 'NR > 1 && $2 > $3 { printf "%6d of %5d  %s\n", $2 - $3, $2, $1 }' "$table" | sort -rn | head -n 15
exit "$status"
