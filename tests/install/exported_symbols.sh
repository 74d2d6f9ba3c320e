#!/bin/sh
# exported_symbols.sh LIBRARY HEADER SYMBOLS: the shared library exports all functions that the header declares
# with BP_API, and nothing else, and Debian's list of symbols has them.
set -eu
command -v nm >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' | sort >"$work/exported"
sed -n 's/^BP_API [^(]*[ *]\(bp_[a-z0-9_]*\)(.*/\1/p' "$2" | sort >"$work/declared"

comm -13 "$work/exported" "$work/declared" | sed 's/^/declared, not exported: /' >"$work/wrong"
comm -23 "$work/exported" "$work/declared" | sed 's/^/exported, not declared: /' >>"$work/wrong"

# " bp_version@Base 0.1.0": since which version there is the function.
sed -n 's/^ \(bp_[a-z0-9_]*\)@Base [0-9.]*$/\1/p' "$3" | sort >"$work/listed"
comm -13 "$work/listed" "$work/declared" | sed "s:^:declared, not in $3\: :" >>"$work/wrong"
comm -23 "$work/listed" "$work/declared" | sed "s:\$: is in $3, not declared:" >>"$work/wrong"
cat "$work/wrong"
[ -s "$work/declared" ] && [ ! -s "$work/wrong" ]
