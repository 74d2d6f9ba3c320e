#!/bin/sh
# baseline_objects.sh LIBRARY.a: only the kernels of an instruction set use its instructions. Any other
# object with a wide register or an AVX or FMA instruction would crash on a processor without them.
set -eu

case $(uname -m) in
x86_64 | amd64) ;;
*)
    echo "not x86-64: there is one instruction set only"
    exit 77
    ;;
esac
if ! command -v objdump >/dev/null; then
    echo "objdump is not installed"
    exit 77
fi

objdump -d --no-show-raw-insn "$1" | awk '
/file format/ {
    object = $1
    sub(/:$/, "", object)
    objects++
    # Those in which wide instructions belong: finding some proves that they can be found.
    wide = object ~ /kernels_avx(2|512)\.c\./
    wide_objects += wide
}
/^ *[0-9a-f]+:\t/ {
    split($0, field, "\t")
    mnemonic = field[2]
    sub(/ .*/, "", mnemonic)
    # Every AVX and FMA mnemonic begins with v; verr and verw are older.
    if (mnemonic ~ /^v/ && mnemonic !~ /^ver[rw]$/ || field[2] ~ /%[yz]mm/) {
        if (wide) found[object] = 1
        else if (++bad <= 20) printf "%s:%s\n", object, $0
    }
}
END {
    for (object in found) wide_found++
    printf "%d objects, %d with wide kernels, %d wide instructions elsewhere\n", objects,
        wide_objects, bad
    if (wide_objects != 2 || wide_found != 2) {
        print "the two objects with wide kernels were not recognised"
        exit 1
    }
    exit bad > 0
}'
