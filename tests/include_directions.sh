#!/bin/sh
# include_directions.sh ROOT: a file of src/ includes headers of its own folder and of those below it
# only; kernels and team, and net and data, do not see each other; cli sees the public header only;
# the public header includes standard C only. src/README.md draws the same order.
set -eu
cd "$1"

# shellcheck disable=SC2016
find src include -name '*.[ch]' | sort | xargs awk '
BEGIN {
    sees["base"] = "base"
    sees["kernels"] = "base kernels"
    sees["team"] = "base team"
    sees["net"] = "base kernels team net"
    sees["data"] = "base kernels team data"
    sees["step"] = "base kernels team net data step"
    sees["train"] = "base kernels team net data step train"
    sees["measure"] = "base kernels team net data step train measure"
    sees["cli"] = "cli"
    standard = " stdbool.h stddef.h stdint.h "
}
function complain(why) {
    printf "%s:%d: %s: %s\n", FILENAME, FNR, why, $0
    bad++
}
FNR == 1 {
    files++
    split(FILENAME, part, "/")
    folder = part[1] == "src" ? part[2] : "include"
    if (part[1] == "src" && !(folder in sees)) {
        complain("no rule for this folder; add one to tests/include_directions.sh")
    }
}
/^[ \t]*#[ \t]*include/ {
    quoted = $0 ~ /"/
    name = $0
    sub(/^[^"<]*["<]/, "", name)
    sub(/[">].*/, "", name)
    top = name
    sub(/\/.*/, "", top)
    if (folder == "include") {
        if (index(standard, " " name " ") == 0) complain("not a header of standard C")
    } else if (name == "batchprop/batchprop.h") {
        next
    } else if (name ~ /\.\./) {
        complain("a path that climbs")
    } else if (name ~ /\// && top in sees) {
        if (index(" " sees[folder] " ", " " top " ") == 0) complain(folder " may not see " top)
    } else if (quoted && name ~ /\//) {
        complain("not a folder of src/")
    }
}
END {
    printf "%d files, %d wrong includes\n", files, bad
    exit files == 0 || bad > 0
}'
