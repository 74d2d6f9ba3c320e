#!/bin/sh
# include_directions.sh ROOT: a file of src/ includes what src/README.md draws and nothing else: headers of
# its own room and of the rooms that its room may see. No file includes itself by way of others, where a
# header and the source of the same name are one file. The public header includes standard C only.
set -eu
cd "$1"

# shellcheck disable=SC2016
find src include -name '*.[ch]' | sort | xargs awk '
# Rooms below a folder that is named alone are all of them.
function rule(room, list) { sees[room] = " " list " " room " " }
BEGIN {
    rule("base", "")
    rule("kernels", "base")
    rule("team", "base")
    rule("net", "base kernels team")
    rule("data/source", "base")
    rule("data/text", "base data/source")
    rule("data/table", "base data/source data/text")
    rule("data/csv", "base team data/source data/text data/table")
    rule("data/read", "base team data/source data/text data/table data/csv")
    rule("data/schema", "base data/source data/text data/table")
    rule("data/samples", "base data/source data/text data/table data/schema")
    rule("step", "base kernels team net data/samples")
    rule("model", "base kernels team net data/schema data/samples step")
    rule("check", "base kernels team net data/schema data/samples step model")
    rule("train", "base kernels team net data/schema data/samples step model")
    rule("bench", "base kernels team net data/samples step model train")
    rule("cli/terminal", "base")
    rule("cli/options", "base cli/terminal")
    rule("cli/run", "base cli/terminal cli/options")
    rule("cli/html", "base cli/terminal cli/options cli/run")
    rule("cli/trials", "base cli/terminal cli/options")
    rule("cli/bench", "base cli/terminal cli/options")
    rule("cli/inspect", "base cli/terminal cli/options")
    rule("cli", "base cli/terminal cli/options cli/run cli/html cli/trials cli/bench cli/inspect")
    standard = " stdbool.h stddef.h stdint.h "
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
        complain("no rule for this room; add one to tests/rules/include_directions.sh")
}
/^[ \t]*#[ \t]*include/ {
    quoted = $0 ~ /"/
    name = $0
    sub(/^[^"<]*["<]/, "", name)
    sub(/[">].*/, "", name)
    if (!inside) {
        if (index(standard, " " name " ") == 0) complain("not a header of standard C")
        next
    }
    if (name == "batchprop/batchprop.h" || !quoted) next
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
}'
