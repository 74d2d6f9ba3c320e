#!/usr/bin/env bash
# Installs what is missing to build batchprop, through apt-get; elsewhere lists the packages.
#   tools/install-packages.sh            to build
#   tools/install-packages.sh --tests    and to run the tests
#   tools/install-packages.sh --bench    to build, and for tools/bench.sh
#   tools/install-packages.sh --cross-MACHINE   to build, and to build for MACHINE and run it: aarch64
#                                        (64-bit ARM), s390x (IBM Z), armhf (32-bit ARM)
#   tools/install-packages.sh --full     all of this, and for every check of tools/test.sh --full
#   add --list to see what would be installed and install nothing
set -euo pipefail
export LC_ALL=C

# The one list: for | probe | apt | dnf | brew | what it is for. A probe is cmd:PROGRAM, pc:PKG-CONFIG
# NAME, hdr:C HEADER, cc:COMPILER THAT LINKS, py:MODULE, pyheader or meson. "@ADDRESS" stands where there is no package.
table() {
    cat <<'TABLE'
build|cmd:cc|gcc|gcc|gcc|compiles C17; has OpenMP and the sanitizers
build|hdr:stdlib.h|libc6-dev|glibc-devel||the C library's headers
build|cmd:pkg-config|pkg-config|pkgconf-pkg-config|pkgconf|finds libraries
build|meson|meson|meson|meson|configures the build
build|cmd:ninja|ninja-build|ninja-build|ninja|runs the build
build|pc:jansson|libjansson-dev|jansson-devel|jansson|JSON
build|hdr:csv.h|libcsv-dev|libcsv-devel|libcsv|CSV tokens
build|pc:zlib|zlib1g-dev|zlib-devel|zlib|gzip files
build|pc:libzstd|libzstd-dev|libzstd-devel|zstd|zstd files
build|pc:libxxhash|libxxhash-dev|xxhash-devel|xxhash|digests
build|hdr:Random123/philox.h|librandom123-dev|Random123-devel|@https://github.com/DEShawResearch/random123|random numbers
build|pc:hwloc|libhwloc-dev|hwloc-devel|hwloc|which processors are near which memory
build|pc:libprotobuf-c|libprotobuf-c-dev|protobuf-c-devel|protobuf-c|ONNX files
build|cmd:protoc-c|protobuf-c-compiler|protobuf-c-compiler|protobuf-c|the same
build|cmd:scdoc|scdoc|scdoc|scdoc|manual pages
tests|pc:criterion|libcriterion-dev|@https://github.com/Snaipe/Criterion|criterion|test framework
tests|cmd:gnuplot|gnuplot-nox|gnuplot|gnuplot|draws the plots of report
tests|cmd:c++|g++|gcc-c++|gcc|the public header as C++
tests|py:ensurepip|python3-venv|python3||an environment for the tests of the Python package
tests|pyheader|python3-dev|python3-devel||its extension module
tests|cmd:strace|strace|strace||system calls that fail, in tests of checkpoints
aarch64|cmd:aarch64-linux-gnu-gcc|gcc-aarch64-linux-gnu|gcc-aarch64-linux-gnu||compiles for 64-bit ARM
aarch64|cc:aarch64-linux-gnu-gcc -static|libc6-dev-arm64-cross|||the C library for 64-bit ARM
aarch64|cmd:qemu-aarch64|qemu-user|qemu-user||runs programs for 64-bit ARM
s390x|cmd:s390x-linux-gnu-gcc|gcc-s390x-linux-gnu|gcc-s390x-linux-gnu||compiles for IBM Z
s390x|cc:s390x-linux-gnu-gcc -static|libc6-dev-s390x-cross|||the C library for IBM Z
s390x|cmd:qemu-s390x|qemu-user|qemu-user||runs programs for IBM Z
armhf|cmd:arm-linux-gnueabihf-gcc|gcc-arm-linux-gnueabihf|||compiles for 32-bit ARM
armhf|cc:arm-linux-gnueabihf-gcc -static|libc6-dev-armhf-cross|||the C library for 32-bit ARM
armhf|cmd:qemu-arm|qemu-user|qemu-user||runs programs for 32-bit ARM
bench|cmd:gnuplot|gnuplot-nox|gnuplot|gnuplot|draws bench --plot
bench|hdr:floatfann.h|libfann-dev|fann-devel|@https://github.com/libfann/fann|benchmark against FANN
full|cmd:cmake|cmake|cmake|cmake|the package file for CMake
full|cmd:chromium|chromium|chromium||looks at the page of report
full|pc:ompi-c|libopenmpi-dev|openmpi-devel|open-mpi|training over several processes, by Open MPI
full|cmd:mpirun.openmpi|openmpi-bin|openmpi|open-mpi|starts them
full|pc:mpich|libmpich-dev|mpich-devel||the same by MPICH
full|cmd:mpirun.mpich|mpich|mpich||starts them
full|cmd:ip|iproute2|iproute||networks between namespaces, for tests of training on several machines
full|cmd:tc|iproute2|iproute-tc||limits their rate
full|cmd:zsh|zsh|zsh|zsh|tests of the completion for it
full|cmd:fish|fish|fish|fish|the same
full|cmd:mandoc|mandoc|mandoc|mandoc|looks at manual pages
full|cmd:clang|clang|clang|llvm|second compiler
full|cc:clang -fopenmp|libomp-dev|libomp-devel|libomp|OpenMP for clang
full|cc:clang -fsanitize=address|libclang-rt-14-dev|compiler-rt|llvm|libFuzzer and the sanitizers of clang
full|cmd:gcovr|gcovr|gcovr|gcovr|which lines and branches tests have run
full|cc:cc -fsanitize=address,undefined|gcc|libasan libubsan|llvm|memory and arithmetic checks
full|cc:cc -fsanitize=thread|gcc|libtsan|llvm|data race checks
TABLE
}

usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0"
}

wanted=build
list_only=no
for argument; do
    case $argument in
    --tests) wanted='build tests' ;;
    --bench) wanted='build bench' ;;
    --cross-aarch64 | --cross-s390x | --cross-armhf) wanted="$wanted ${argument#--cross-}" ;;
    --full) wanted='build tests full' ;;
    --list) list_only=yes ;;
    --help | -h) usage; exit 0 ;;
    *) echo "install-packages.sh: unknown option $argument" >&2; usage >&2; exit 2 ;;
    esac
done

manager=none
for candidate in apt-get dnf brew; do
    if command -v "$candidate" >/dev/null; then
        manager=$candidate
        break
    fi
done

# Elsewhere not all of it is packaged; the tests that need it are skipped.
case $wanted-$manager in
*full-apt-get) wanted="$wanted aarch64 bench" ;;
esac

# links COMPILER [OPTION]: whether it makes a program.
links() {
    local command program
    read -r -a command <<<"$1"
    program=$(mktemp)
    if echo 'int main(void) { return 0; }' | "${command[@]}" -x c -o "$program" - 2>/dev/null; then
        rm -f "$program"
    else
        rm -f "$program"
        return 1
    fi
}

# present PROBE: whether the thing is there already, wherever it came from.
present() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null ;;
    pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
    hdr:*) echo "#include <${1#hdr:}>" | cc -E -x c -o /dev/null - 2>/dev/null ;;
    cc:*) links "${1#cc:}" ;;
    py:*) python3 -c "import ${1#py:}" 2>/dev/null ;;
    pyheader) python3 -c 'import os, sysconfig
os.stat(os.path.join(sysconfig.get_path("include"), "Python.h"))' 2>/dev/null ;;
    meson) meson --version 2>/dev/null | awk -F. '{ ok = $1 >= 1 } END { exit !ok }' ;;
    esac
}

# missing_rows: the rows of the table that are wanted and not present.
missing_rows() {
    local row set probe
    table | while IFS= read -r row; do
        IFS='|' read -r set probe _ <<<"$row"
        case " $wanted " in *" $set "*) ;; *) continue ;; esac
        present "$probe" || printf '%s\n' "$row"
    done
}

# packages COLUMN ROWS: names in that column, on one line.
packages() {
    printf '%s\n' "$2" | cut -d '|' -f "$1" | awk '$0 != "" && !/^@/ && !seen[$0]++' | paste -s -d ' ' -
}

# explain COLUMN INSTALLER ROWS: the list for a person to install.
explain() {
    echo "Missing packages. Install them (as root) and run this again:"
    [ -z "$(packages "$1" "$3")" ] || echo "  $2 $(packages "$1" "$3")"
    printf '%s\n' "$3" | awk -F '|' -v c="$1" '$c ~ /^@/ {
        printf "  from source, %s: %s\n", $6, substr($c, 2) }'
}

rows=$(missing_rows)
if [ -z "$rows" ]; then
    echo "Every package is there."
    exit 0
fi

# The package manager needs root: directly, or through sudo.
as_root=()
can_install=no
if [ "$manager" = apt-get ] && [ "$(id -u)" -eq 0 ]; then
    can_install=yes
elif [ "$manager" = apt-get ] && command -v sudo >/dev/null; then
    can_install=yes
    as_root=(sudo)
fi

if [ "$list_only" = yes ] || [ "$can_install" = no ]; then
    case $manager in
    apt-get) explain 3 'apt-get install' "$rows" ;;
    dnf) explain 4 'dnf install' "$rows" ;;
    brew) explain 5 'brew install' "$rows" ;;
    none) explain 3 '(names in Debian)' "$rows" ;;
    esac
    [ "$list_only" = yes ] && exit 0
    exit 1
fi

read -r -a names <<<"$(packages 3 "$rows")"
echo "Installing: ${names[*]}"
as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get)
"${as_root[@]}" update || echo "The package lists could not be updated."
"${as_root[@]}" install --yes --no-install-recommends "${names[@]}" || {
    echo "apt-get failed; what it names above must be repaired first. To install by hand, as root:"
    echo "  apt-get install ${names[*]}"
    exit 1
}

rows=$(missing_rows)
if [ -n "$rows" ]; then
    echo "Still missing after the installation (is the version too old?):" >&2
    printf '%s\n' "$rows" | awk -F '|' '{ printf "  %s: %s\n", $3, $6 }' >&2
    exit 1
fi
