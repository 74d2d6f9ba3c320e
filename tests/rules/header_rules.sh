#!/bin/sh
# header_rules.sh SOURCE: the public header keeps its general rules. Every function that can fail is in
# tests/install/test_public_nulls.c and names its errors; an option struct has _init() and _default() and
# holds no other one; a result struct ends in reserved room.
set -eu
header=$1/include/batchprop/batchprop.h
nulls=$1/tests/install/test_public_nulls.c

awk -v nulls="$nulls" '
function wrong(text) { print text; failed = 1 }
BEGIN {
    # A status of batchprop.h, or a function that has the same ones.
    errors = "[Ee]rrors?: (as (of )?bp_[a-z_]+\\(\\)|ARGUMENT|INPUT|IO|NOT_FINITE|MEMORY|THREADS|RANKS)[^A-Z_a-z]"
    while ((getline line < nulls) > 0) tested = tested line "\n"
}

# The comment above a group of functions, in one line; an empty line ends the group.
/^ *\/\*/ || /^$/ { comment = "" }
/^ *\/\*/, /\*\/ *$/ { line = $0; gsub(/ *\/\* *|^ *\* +| *\*\/ *$/, "", line); comment = comment " " line }

/^typedef struct bp_[a-z_]+ \{/ { struct = $3; last = ""; sized[struct] = 0; members = 0; next }
struct != "" && /^\}/ {
    if (sized[struct] == 0 && struct != "bp_error" && last !~ /reserved\[/)
        wrong(struct ": neither begins with its size nor ends in reserved room")
    struct = ""
}
struct != "" {
    code = $0
    gsub(/\/\*.*/, "", code)
    if (code ~ /;/) {
        members++
        if (members == 1 && code ~ /^ *size_t size;/) sized[struct] = 1
        if (sized[struct] && code ~ /^ *bp_[a-z_]+ [a-z_]+(\[.*\])?;/) {
            split(code, word, " ")
            held[struct] = held[struct] " " word[1]
        }
        last = code
    }
}

/^BP_API / {
    function_name = $0
    sub(/\(.*/, "", function_name)
    sub(/.*[ *]/, "", function_name)
    if ($2 == "bp_status") {
        functions++
        if (index(tested, function_name "(") == 0)
            wrong(function_name ": is not in " nulls)
        if (comment !~ errors)
            wrong(function_name ": its comment does not state its errors: Errors: ARGUMENT, ... or as bp_...()")
    }
    if (function_name ~ /_init$/) initialized[function_name] = 1
}
/^static inline bp_/ { name = $4; sub(/\(.*/, "", name); defaulted[name] = 1 }

END {
    for (s in sized) {
        if (!sized[s]) continue
        if (!((s "_init") in initialized)) wrong(s ": has no _init()")
        if (!((s "_default") in defaulted)) wrong(s ": has no _default()")
        count = split(held[s], type, " ")
        for (k = 1; k <= count; k++)
            if (sized[type[k]]) wrong(s ": holds a " type[k] ", which may grow: point to it")
    }
    if (functions < 20) wrong("the functions of the header are not found")
    exit failed
}' "$header"
