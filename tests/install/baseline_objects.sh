#!/bin/sh
# baseline_objects.sh KERNELS LIBRARY.a...: of all objects only the kernels named (kernels_avx2,...) use
# AVX or FMA instructions. Any other object with one, or with a wide register, would crash on an x86-64
# processor without them.
set -eu
kernels=$1
shift
if ! command -v objdump >/dev/null; then
    echo "objdump is not installed"
    exit 77
fi

objdump -d --no-show-raw-insn "$@" | awk -v kernels="$kernels" '
BEGIN { wide_wanted = split(kernels, kernel, ",") }
/file format/ {
    object = $1
    sub(/:$/, "", object)
    objects++
    # Those in which wide instructions belong: finding some proves that they can be found.
    wide = 0
    for (k in kernel) if (index(object, kernel[k] ".c.") > 0) wide = 1
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
    if (wide_objects != wide_wanted || wide_found != wide_wanted) {
        print "not every object with wide kernels was recognised: " kernels
        exit 1
    }
    exit bad > 0
}'
