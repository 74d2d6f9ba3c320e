#!/bin/sh
# manual_lists.sh PROGRAM PAGE COMMAND: the manual page has every option of training, of models and of
# reading, as the table and so the help say, and the page that lacks one is refused.
set -eu
program=$1 page=$2 command=$3
made=$(mktemp) other=$(mktemp) reason=$(mktemp)
trap 'rm -f "$made" "$other" "$reason"' EXIT
bad=0

fail() {
    echo "$1" >&2
    bad=1
}

"$program" <"$page" >"$made"
# check_options COMMAND FLOOR: the page has each option of its help, of which there are FLOOR or more.
check_options() {
    help=$("$command" "$1" --help) || fail "$1 --help fails"
    count=0
    for option in $(echo "$help" | sed -n 's/^  *\(-[a-z], \)*\(--[a-z][a-z-]*[0-9]*\).*/\2/p'); do
        count=$((count + 1))
        grep -q -e "\*$option\*" "$made" || fail "the page lacks $option of $1"
    done
    [ "$count" -ge "$2" ] || fail "$1 --help lists $count options, not $2 or more"
}
for command_name in train gradcheck cv sweep; do
    check_options "$command_name" 10
done
for command_name in eval predict check report bench; do
    check_options "$command_name" 4
done

# LINE: the page has it.
has() {
    grep -qxF -e "$1" "$made" || fail "the page lacks the line: $1"
}
has '*--learning-rate* _RATE_|*auto*'
has '*--thresholds* *on*|*off*'
has '	Cut each component of a gradient at -X and X, before *--clip-norm*; 0 never does.'
has '	One of *standard*, *minmax*, *none*.'
has '	From 0 to below 1.'
has '	Default: sgd; adamw with *--preset modern*.'
has '*--batch-size* _N_|*auto*|*full*'

# WORDS SCRIPT: the page changed by sed is refused with these words.
refused() {
    sed "$2" "$page" >"$other"
    if "$program" <"$other" >/dev/null 2>"$reason"; then
        fail "sed '$2': the page is taken"
    elif ! grep -qF -e "$1" "$reason"; then
        fail "sed '$2': $(cat "$reason")"
    fi
}
refused 'the page has no list with --seed ("Training")' '/^@options training Training$/,/^@end$/d'
refused 'rate is no option of this list' 's/^@about optimizer$/@about rate/'
refused 'no option is in the group "Others"' \
    '/^@options running Evaluating$/,/^@end$/{s/Evaluating$/Others/;/^@options/b;/^@end/b;d;}'
refused '"net" is not model' 's/^@options model /@options net /'
refused '"@option model" is no line of this kind' 's/^@options model .*/@option model/'
exit "$bad"
