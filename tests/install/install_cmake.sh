#!/bin/sh
# install_cmake.sh BUILD SOURCE COMPILER MESON...: installs into a folder of its own and builds a project
# there whose only way to the library is find_package(batchprop) of CMake; runs what it builds.
set -eu
build=$1
source=$2
compiler=$3
shift 3
# A program of that name may be there and not run.
cmake --version >/dev/null 2>&1 || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() {
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log"
        exit 1
    }
}

run "$@" install -C "$build" --no-rebuild --destdir "$work/root"
config=$(find "$work/root" -name batchpropConfig.cmake)

# A launcher before the compiler, as ccache, is not CMake's to know.
run cmake -S "$source/tests/install/cmake" -B "$work/project" -Dbatchprop_DIR="${config%/*}" \
    -DSOURCE="$source" -DCMAKE_C_COMPILER="${compiler##* }"
run cmake --build "$work/project"
run "$work/project/shared_c"
run "$work/project/shared_cxx"

# The static one needs no library of ours any more.
find "$work/root" -name 'libbatchprop*.so*' -exec rm {} +
run "$work/project/static_c"

# A version that is not there is refused.
sed 's/batchprop 0\.1/batchprop 0.999/' "$source/tests/install/cmake/CMakeLists.txt" >"$work/CMakeLists.txt"
if cmake -S "$work" -B "$work/newer" -Dbatchprop_DIR="${config%/*}" -DSOURCE="$source" \
    -DCMAKE_C_COMPILER="${compiler##* }" >"$work/log" 2>&1; then
    echo "version 0.999 was found"
    exit 1
fi
grep -q 'requested version "0.999"' "$work/log"
