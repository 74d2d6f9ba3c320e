#!/usr/bin/env bash
# completion.sh SCRIPT COMMAND: what the completion for bash gives for some lines.
set -euo pipefail
script=$(realpath "${1:?usage: completion.sh SCRIPT COMMAND}") command=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir runs
touch data.csv 'my data.csv' model.safetensors
# shellcheck source=/dev/null
. "$script"
bad=0

# The words of the line, of which the last one is completed. Prints what is offered, sorted, between bars.
complete_line() {
    COMP_WORDS=("$command" "$@") COMP_CWORD=$# COMPREPLY=()
    _batchprop
    local IFS=$'\n'
    [[ ${COMPREPLY[*]-} ]] && mapfile -t COMPREPLY < <(LC_ALL=C sort <<<"${COMPREPLY[*]}")
    IFS='|'
    printf '%s' "|${COMPREPLY[*]-}|"
}

fail() {
    echo "$1: $2" >&2
    bad=1
}

# LINE EXPECTED: exactly these.
offers() {
    local words seen
    IFS=' ' read -r -a words <<<"$1"
    [[ $1 == *' ' ]] && words+=('')
    seen=$(complete_line "${words[@]}")
    [[ $seen == "|$2|" ]] || fail "$1" "$seen, not |$2|"
}

# LINE WORD...: these and others.
offers_also() {
    local line=$1 words seen
    shift
    IFS=' ' read -r -a words <<<"$line"
    [[ $line == *' ' ]] && words+=('')
    seen=$(complete_line "${words[@]}")
    for word; do
        [[ $seen == *"|$word|"* ]] || fail "$line" "$seen without $word"
    done
}

offers_also ' ' train eval predict info check gradcheck report cv sweep bench --help --version
offers 'tr' 'train'
offers 'gr' 'gradcheck'
offers_also 'train --' --out --hidden --learning-rate --no-shuffle --checkpoint --labels --help
offers 'train --clip-' '--clip-norm|--clip-value'
offers 'bench --rep' '--repetitions'
offers 'eval --hid' ''
offers 'train --hidden-delta ' 'as-printed|chain-rule'
offers 'train --thresholds o' 'off|on'
offers 'train --ranks ' 'auto|mpi|none'
offers 'train --missing = m' 'mean|median'
offers_also 'train --loss = ' mse cross-entropy auto
offers 'train --preset m' 'modern'
offers_also 'train --activation relu,t' relu,tanh
offers 'train --epochs ' ''
offers 'train --checkpoint ' 'runs'
offers 'train --from m' 'model.safetensors|my data.csv'
offers 'train --no-shuffle d' 'data.csv'
offers 'eval mo' 'model.safetensors'
offers 'info m' 'model.safetensors|my data.csv'

# All choices of an option, which the help wraps over lines.
help=$("$command" train --help | tr -s ' \n' ' ')
for metric in loss accuracy balanced-accuracy f1 rmse r2; do
    [[ $help == *"$metric"* ]] && offers_also 'train --metric ' "$metric"
done
exit "$bad"
