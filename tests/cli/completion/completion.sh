#!/usr/bin/env bash
# completion.sh SHELL SCRIPT COMMAND: what the completion for bash, zsh or fish offers for some lines.
set -euo pipefail
shell=${1:?usage: completion.sh SHELL SCRIPT COMMAND} script=$(realpath "$2") command=$(realpath "$3")
driver=$(realpath "$(dirname "$0")/lines.$shell")
if ! type -P "$shell" >/dev/null; then
    echo "skipped: there is no $shell"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/empty" "$folder/here"
cd "$folder/here"
mkdir runs
touch data.csv 'my data.csv' model.safetensors

# Lines on stdin; none of the user's settings are read.
ask() {
    local -a start=("$shell")
    case $shell in
    bash) start+=(--norc) ;;
    zsh) start+=(-f) ;;
    fish) start+=(--no-config) ;;
    esac
    HOME=$folder/empty XDG_CONFIG_HOME=$folder/empty XDG_DATA_HOME=$folder/empty \
        "${start[@]}" "$driver" "$script" "$command"
}

lines=() expected=() bad=0
# LINE EXPECTED: exactly these.
offers() {
    lines+=("$1") expected+=("exactly|$2|")
}
# LINE WORD...: these and others.
offers_also() {
    local IFS='|'
    lines+=("$1") expected+=("also|${*:2}|")
}

fail() {
    echo "$shell: $1" >&2
    bad=1
}

check_line() {
    local line=$1 wanted=$2 seen=$3 word words
    if [[ $wanted == exactly* ]]; then
        [[ $seen == "${wanted#exactly}" ]] || fail "$line: $seen, not ${wanted#exactly}"
        return
    fi
    IFS='|' read -r -a words <<<"${wanted#also|}"
    for word in "${words[@]}"; do
        [[ $seen == *"|$word|"* ]] || fail "$line: $seen without $word"
    done
}

offers_also '' train eval predict info check gradcheck report cv sweep bench --help --version
offers 'tr' 'train'
offers 'gr' 'gradcheck'
offers_also 'train --' --out --hidden --learning-rate --no-shuffle --checkpoint --labels --help
offers 'train --clip-' '--clip-norm|--clip-value'
offers 'bench --rep' '--repetitions'
offers 'eval --hidden' ''
offers 'train --hidden-delta ' 'as-printed|chain-rule'
offers 'train --thresholds o' 'off|on'
offers 'bench --scaling ' 'both|strong|weak'
offers 'train --ranks ' 'auto|mpi|none'
offers 'train --missing=m' 'mean|median'
offers_also 'train --loss=' mse cross-entropy auto
offers 'train --preset m' 'modern'
offers_also 'train --activation relu,t' relu,tanh
offers 'train --epochs ' 'auto|few'
offers 'train --epochs 5 --batch-size f' 'full'
offers 'train --checkpoint ' 'runs'
offers 'train --from m' 'model.safetensors|my data.csv'
offers 'train --from=m' 'model.safetensors|my data.csv'
offers 'train --no-shuffle d' 'data.csv'
offers 'eval mo' 'model.safetensors'
offers 'info m' 'model.safetensors|my data.csv'
metrics=$("$command" train --help | tr -s ' \n' ' ' | sed -n 's/.*epoch is the best[^:]*: \([a-z0-9, -]*\) (.*/\1/p')
read -r -a words <<<"${metrics//,/}"
((${#words[@]} > 8)) || fail "the help of --metric has ${#words[@]} names"
offers_also 'train --metric ' "${words[@]}"

mapfile -t seen < <(printf '%s\n' "${lines[@]}" | ask)
((${#seen[@]} == ${#lines[@]})) || fail "${#seen[@]} answers to ${#lines[@]} lines: ${seen[*]-}"
for k in "${!seen[@]}"; do
    check_line "${lines[k]}" "${expected[k]}" "${seen[k]}"
done

if [[ $shell != bash ]]; then
    described=$(printf '%s\n' '' 'train --no-shuf' | DESCRIBED=yes ask)
    for words in 'bench *-- measure how fast training is' '--no-shuffle *-- keep the order of the samples'; do
        grep -q -e "|$words" <<<"$described" || fail "$words: $described"
    done
fi
exit "$bad"
