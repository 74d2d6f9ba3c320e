#!/bin/sh
# install_example.sh BUILD SOURCE COMPILER MESON...: installs into a folder of its own, runs the command
# there if it is built, builds the example with nothing but pkg-config, against the shared and against
# the static library, and a program in C++, and runs them.
set -eu
build=$1
source=$2
compiler=$3
shift 3
command -v pkg-config >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$@" install -C "$build" --no-rebuild --destdir "$work/root" >"$work/install.log" 2>&1 || {
    cat "$work/install.log"
    exit 1
}

pc=$(find "$work/root" -name batchprop.pc)
header=$(find "$work/root" -name '*.h' ! -path '*/batchprop/mpi.h')
[ "$(echo "$header" | wc -l)" -eq 1 ] || {
    echo "More than the public headers are installed: $header"
    exit 1
}
[ -n "$(find "$work/root" -path '*/man3/bp_trainer_run.3')" ] || {
    echo "There is no manual page of the library"
    exit 1
}
export PKG_CONFIG_PATH="${pc%/*}" PKG_CONFIG_SYSROOT_DIR="$work/root"
library=${pc%/pkgconfig/batchprop.pc}

# The flags are words for the compiler, to be split.
# shellcheck disable=SC2046
$compiler "$source/examples/train_arrays.c" $(pkg-config --cflags --libs batchprop) -o "$work/shared"
LD_LIBRARY_PATH="$library" "$work/shared"
command=$(find "$work/root" -path '*/bin/batchprop')
[ -z "$command" ] || LD_LIBRARY_PATH="$library" "$command" --version
# With an MPI of its own.
for mpi in openmpi mpich; do
    [ -e "${pc%/*}/batchprop-$mpi.pc" ] && command -v "mpicc.$mpi" >/dev/null || continue
    # shellcheck disable=SC2046
    "mpicc.$mpi" "$source/examples/train_mpi.c" $(pkg-config --cflags --libs "batchprop-$mpi") -o "$work/$mpi"
    LD_LIBRARY_PATH="$library" ldd "$work/$mpi" | grep -q "libbatchprop-$mpi" || {
        echo "batchprop-$mpi.pc does not lead to its library"
        exit 1
    }
done
[ -z "$command" ] || ! LD_LIBRARY_PATH="$library" ldd "$command" | grep -i mpi || {
    echo "The command needs MPI"
    exit 1
}
if command -v c++ >/dev/null; then
    # shellcheck disable=SC2046
    c++ "$source/tests/install/header_alone.cc" $(pkg-config --cflags --libs batchprop) -o "$work/cxx"
    LD_LIBRARY_PATH="$library" "$work/cxx"
fi

# A flag that stands twice comes from a room that was given what the library has already.
doubled=$(pkg-config --libs --static batchprop | tr ' ' '\n' | sort | uniq -d | grep -- -fopenmp) || :
[ -z "$doubled" ] || {
    echo "twice in batchprop.pc: $doubled"
    exit 1
}

rm -f "$library"/libbatchprop.so* "$library"/libbatchprop*.dylib
# shellcheck disable=SC2046
$compiler "$source/examples/train_arrays.c" $(pkg-config --cflags --libs --static batchprop) \
    -o "$work/static"
"$work/static"
