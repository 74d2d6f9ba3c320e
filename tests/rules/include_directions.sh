#!/bin/sh
# include_directions.sh ROOT: a file of src/ includes what src/README.md draws and nothing else: headers of
# its own room and of the rooms that an arrow leads to. No file includes itself by way of others, where a
# header and the source of the same name are one file. The public header includes standard C only; the one for
# programs with MPI that, and MPI, which one file of the sources knows.
set -eu
cd "$1"

# shellcheck disable=SC2016
find src include -name '*.[ch]' | sort | xargs awk '
BEGIN {
    standard = " stdbool.h stddef.h stdint.h "
    mpi_header = "include/batchprop/mpi.h" # for programs that use MPI
}
# The arrows: "room -> the rooms that it may see".
FILENAME == "src/README.md" {
    if ($2 == "->") {
        sees[$1] = " " $1 " "
        for (k = 3; k <= NF; k++) sees[$1] = sees[$1] $k " "
    }
    next
}
function folder_of(path) {
    return path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : ""
}
function stem(path) {
    sub(/\.[a-z.]*$/, "", path)
    return path
}
function complain(why) {
    printf "%s:%d: %s: %s\n", FILENAME, FNR, why, $0
    bad++
}
FNR == 1 {
    files++
    inside = FILENAME ~ /^src\//
    name = FILENAME
    sub(/^src\//, "", name)
    room = inside ? folder_of(name) : "include"
    self = stem(name)
    if (inside && !(room in sees))
        complain("src/README.md has no arrow of this room")
}
/^[ \t]*#[ \t]*include/ {
    quoted = $0 ~ /"/
    name = $0
    sub(/^[^"<]*["<]/, "", name)
    sub(/[">].*/, "", name)
    if (!inside) {
        if (index(standard, " " name " ") == 0 &&
            !(FILENAME == mpi_header && (name == "mpi.h" || name == "batchprop/batchprop.h")))
            complain("not a header of standard C")
        next
    }
    if (name == "batchprop/batchprop.h" || !quoted) next
    if (name == "batchprop/mpi.h" && FILENAME == "src/ranks/mpi.c") next
    seen = folder_of(name)
    if (!(seen in sees)) complain("not a room of src/")
    else if (index(sees[room], " " seen " ") == 0) complain(room " may not see " seen)
    if (stem(name) != self && !((self, stem(name)) in arrow)) {
        arrow[self, stem(name)] = 1
        targets[self] = targets[self] " " stem(name)
    }
}
# Depth first: a file that is met again while it is open stands in a circle.
function visit(file, path,    list, count, k) {
    if (state[file] == 2) return
    if (state[file] == 1) {
        printf "a circle of includes:%s %s\n", path, file
        bad++
        return
    }
    state[file] = 1
    count = split(targets[file], list, " ")
    for (k = 1; k <= count; k++) visit(list[k], path " " file)
    state[file] = 2
}
END {
    for (file in targets) visit(file, "")
    printf "%d files, %d wrong includes\n", files, bad
    exit files == 0 || bad > 0
}' src/README.md
