#!/bin/sh
# manual_lists.sh PROGRAM PAGES COMMAND: each command has a page with every option of its help, as the library's
# table says, and a page that lacks one, or has another, is refused.
set -eu
program=$1 pages=$2 command=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$pages"/*.scd "$folder"
bad=0

fail() {
    echo "$1" >&2
    bad=1
}

# NAME TEXT...: makes the page NAME from what the command prints.
make() {
    name=$1
    shift
    { "$command" "$@" --complete && "$command" "$@" --help; } >"$folder/text"
    "$program" "$folder/$name.1.scd" "$folder/text"
}

# COMMAND FLOOR: the page has each option of the help, of which there are FLOOR or more.
check_options() {
    make "batchprop-$1" "$1" >"$folder/page" || fail "the page of $1 cannot be made"
    count=0
    for option in $("$command" "$1" --help | sed -n 's/^  *\(-[a-z], \)*\(--[a-z][a-z-]*[0-9]*\).*/\2/p'); do
        count=$((count + 1))
        grep -q -e "^\*$option\*" "$folder/page" || fail "the page lacks $option of $1"
    done
    [ "$count" -ge "$2" ] || fail "$1 --help lists $count options, not $2 or more"
}
for name in $("$command" --complete | sed -n 's/^\([a-z][a-z]*\)	.*/\1/p'); do
    [ -f "$pages/batchprop-$name.1.scd" ] || fail "there is no $pages/batchprop-$name.1.scd"
    case $name in
    train | cv | sweep) check_options "$name" 50 ;;
    *) check_options "$name" 4 ;;
    esac
done

make batchprop >"$folder/page" || fail 'the page of the program cannot be made'
grep -q '^	measure a model on labelled data\.$' "$folder/page" || fail 'the page has no list of commands'

# LINE: the page has it.
has() {
    grep -qxF -e "$1" "$folder/page" || fail "the page lacks the line: $1"
}
make batchprop-train train >"$folder/page"
has '*--learning-rate* _RATE_|*auto*'
has '*--thresholds* *on*|*off*'
has '	Cut each component of a gradient at -X and X, before *--clip-norm*; 0 never does.'
has '	One of *standard*, *minmax*, *none*.'
has '	From 0 to below 1.'
has '	Default: sgd; adamw with *--preset modern*.'
has '*--batch-size* _N_|*auto*|*full*'
grep -q '^  batchprop train iris.csv' "$folder/page" || fail 'the page has no example'

# WORDS FILE SCRIPT: with FILE changed by sed the page of eval or train is refused with these words.
refused() {
    case $2 in
    batchprop-train.1.scd | training.scd) of=train ;;
    *) of=eval ;;
    esac
    sed "$3" "$pages/$2" >"$folder/$2"
    if make batchprop-$of $of >/dev/null 2>"$folder/reason"; then
        fail "sed '$3' $2: the page is taken"
    elif ! grep -qF -e "$1" "$folder/reason"; then
        fail "sed '$3' $2: $(cat "$folder/reason")"
    fi
    cp "$pages/$2" "$folder"
}
refused 'the page lacks --epochs' batchprop-train.1.scd '/^@include training.scd$/d'
refused 'the page lacks --times' batchprop-eval.1.scd '/^\*--times\*$/d'
refused 'the command has no option --hidden' batchprop-eval.1.scd 's/^\*--times\*/*--hidden*/'
refused 'rate is no option of this list' training.scd 's/^@about optimizer$/@about rate/'
refused 'the command has no option of the group "Others"' using.scd 's/^@options running Evaluating$/@options running Others/;/^@about/,/^@end/{/^@end/!d;}'
refused '"net" is not model' using.scd 's/^@options running /@options net /'
refused '"@option model" is no line of this kind' using.scd 's/^@options running .*/@option model/'
refused 'files include one another' using.scd '1i@include using.scd'
refused 'nothing.scd:0: cannot be opened' using.scd '1i@include nothing.scd'
exit "$bad"
