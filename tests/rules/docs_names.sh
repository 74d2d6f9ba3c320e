#!/bin/sh
# Every function, file and test suite that a document names is there, and a function is in the file that
# the document names with it.
# shellcheck disable=SC2013,SC2016 # names have no blanks; the backquotes are those of Markdown
set -eu
root=${1:?usage: docs_names.sh SOURCE_ROOT}
cd "$root"
bad=0
compared=0 # functions looked for in the file that a document names with them
pairs=$(mktemp)
trap 'rm -f "$pairs"' EXIT

missing() {
    echo "$1 names $2, which does not exist" >&2
    bad=1
}

# Prints "FUNCTION FILE" for each function that stands before a file: `bp_x()` in `step/passes/update.c`, or
# `bp_x`, `bp_y`, `step/passes/update.c`. A paragraph is read as one line, and cut at its backquotes: the even
# pieces are names, the odd ones the words between them.
list_pairs() {
    awk -v RS= '{
        gsub(/\n */, " ")
        count = split($0, piece, "`")
        for (k = 4; k <= count; k += 2) {
            if (piece[k] !~ /^[a-z]+\/[a-z0-9_.\/]+\.[ch]$/) continue
            for (j = k - 2; j >= 2; j -= 2) {
                if (piece[j + 1] !~ /^(,? in |,? of |,? and |, )$/) break
                if (piece[j] !~ /^[a-z][a-z0-9_][a-z0-9_]+(\(\))?$/) break
                sub(/\(\)$/, "", piece[j])
                print piece[j], piece[k]
            }
        }
    }' "$1"
}

# A definition begins in the first column, and a source does not end it with a semicolon. A header may
# also declare a member.
defines() {
    case $2 in
    *.c) grep -E "^[a-z#].*[ *(,]$1\>" "$2" | grep -qv ';$' ;;
    *) grep -qE "^[a-zA-Z#].*[ *(,]$1\>|^    [a-z].*[ *]$1[;\[)]" "$2" ;;
    esac
}

for page in README.md CONTRIBUTING.md src/README.md docs/*.md examples/README.md; do
    for name in $(grep -o 'bp_[a-z0-9_]*[a-z0-9]' "$page" | sort -u); do
        grep -rqw "$name" src include || missing "$page" "$name"
    done
    for file in $(grep -oE '`[a-z]+/[a-z0-9_./]+\.[ch]`' "$page" | tr -d '`' | sort -u); do
        [ -f "src/$file" ] || [ -f "$file" ] || [ -f "include/$file" ] || missing "$page" "$file"
    done
    for link in $(grep -oE '\]\([^)#:]+' "$page" | sed 's/^](//' |
        grep -v '^http' | sort -u); do
        [ -e "$(dirname "$page")/$link" ] || missing "$page" "$link"
    done
    list_pairs "$page" >"$pairs"
    while read -r name file; do
        [ -f "$file" ] || file=src/$file
        [ -f "$file" ] || continue
        compared=$((compared + 1))
        defines "$name" "$file" || missing "$page" "$name in $file"
    done <"$pairs"
done
if [ "$compared" -lt 20 ]; then
    echo "only $compared functions with a file are found in the documents: the pattern misses them" >&2
    bad=1
fi
exit "$bad"
