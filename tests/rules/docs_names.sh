#!/bin/sh
# Every function, file and test suite that a document names is there.
# shellcheck disable=SC2013,SC2016 # names have no blanks; the backquotes are those of Markdown
set -eu
root=${1:?usage: docs_names.sh SOURCE_ROOT}
cd "$root"
bad=0

missing() {
    echo "$1 names $2, which does not exist" >&2
    bad=1
}

for page in README.md CONTRIBUTING.md src/README.md docs/*.md examples/README.md; do
    for name in $(grep -o 'bp_[a-z0-9_]*[a-z0-9]' "$page" | sort -u); do
        grep -rqw "$name" src include || missing "$page" "$name"
    done
    for file in $(grep -oE '`(base|kernels|team|net|data|step|model|check|train|bench|cli)/[a-z0-9_./]+\.[ch]`' "$page" |
        tr -d '`' | sort -u); do
        [ -f "src/$file" ] || missing "$page" "$file"
    done
    for link in $(grep -oE '\]\([^)#:]+' "$page" | sed 's/^](//' |
        grep -v '^http' | sort -u); do
        [ -e "$(dirname "$page")/$link" ] || missing "$page" "$link"
    done
done
exit "$bad"
