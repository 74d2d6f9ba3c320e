# lines.bash SCRIPT COMMAND <LINES: what the completion offers for each line, a line each, sorted, between bars.
# shellcheck shell=bash
set -uo pipefail
script=$1 command=$2
# shellcheck source=/dev/null
. "$script"

while IFS= read -r line; do
    IFS=' ' read -r -a COMP_WORDS <<<"$command ${line//=/ = }" # as readline does
    [[ -z $line || $line == *\  ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    _batchprop
    printf '%s\n' "${COMPREPLY[@]-}" | LC_ALL=C sort | awk '{ all = all "|" $0 } END { print all "|" }'
done
