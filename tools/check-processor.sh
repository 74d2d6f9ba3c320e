#!/usr/bin/env bash
# Builds batchprop for another processor, runs its tests under qemu, and trains the same network on both
# processors: the digests have to be equal. The last line says how many checks passed and failed.
#   tools/check-processor.sh aarch64   64-bit ARM
#   tools/check-processor.sh s390x     IBM Z: the highest byte of a number comes first
#   tools/check-processor.sh armhf     32-bit ARM
# The libraries are Debian's, unpacked into build-test/MACHINE-root; nothing else of the system
# changes but for the cross-compiler and qemu, which are installed if they are missing.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# architecture: Debian's name; triple: GNU's; emulator: qemu's; isas: what --isa is tried with.
machine=${1:-}
endian=little
isas=portable
case $#-$machine in
1-aarch64) architecture=arm64 triple=aarch64-linux-gnu family=aarch64 emulator=qemu-aarch64 isas='portable neon' ;;
1-s390x) architecture=s390x triple=s390x-linux-gnu family=s390x emulator=qemu-s390x endian=big ;;
1-armhf) architecture=armhf triple=arm-linux-gnueabihf family=arm emulator=qemu-arm ;;
*)
    sed -n '2,8s/^# //p' "${BASH_SOURCE[0]}"
    [ "$machine" = --help ] && exit 0
    exit 2
    ;;
esac

sysroot=$root/build-test/$machine-root
target=$root/build-test/$machine
native=$root/build
passed=0
failed=0
skipped=0

# The development packages of the list in install-packages.sh that hold libraries or headers.
library_packages() {
    awk -F '|' '/^build\|(pc|hdr):/ { print $3 }' "$root/tools/install-packages.sh"
    echo libgomp1
}

# their_apt COMMAND...: apt-get as it would be on that machine with nothing installed, in a folder
# of its own; needs no root.
their_apt() {
    local folder=$root/build-test/$machine-apt
    mkdir -p "$folder"/{lists,archives}/partial
    : >"$folder/status"
    apt-get --option APT::Architecture="$architecture" --option APT::Architectures="$architecture" \
        --option APT::Sandbox::User= --option Debug::NoLocking=1 \
        --option Dir::State="$folder" --option Dir::State::status="$folder/status" \
        --option Dir::Cache="$folder" "$@"
}

# Unpacks the libraries once for a list of packages.
fetch_libraries() {
    local wanted archive link
    wanted=$(library_packages | sort | paste -s -d ' ' -)
    [ "$(cat "$sysroot/packages" 2>/dev/null)" != "$wanted" ] || return 0
    rm -rf "$sysroot"
    mkdir -p "$sysroot/usr/lib"
    ln -s usr/lib "$sysroot/lib"
    their_apt update || echo "Not every package list could be fetched."
    # shellcheck disable=SC2086 # names of packages
    their_apt install --download-only --yes --no-install-recommends $wanted
    for archive in "$root"/build-test/$machine-apt/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$archive" | tar -x --keep-directory-symlink -C "$sysroot"
    done
    # A link to /lib/... means the library of that root.
    find "$sysroot" -type l -lname '/*' | while IFS= read -r link; do
        ln -snf "$sysroot$(readlink "$link")" "$link"
    done
    rm -rf "$root/build-test/$machine-apt"
    echo "$wanted" >"$sysroot/packages"
}

# What Meson has to know of the machine.
write_cross_file() {
    cat <<EOF
[binaries]
c = ['$triple-gcc', '--sysroot=$sysroot']
ar = '$triple-gcc-ar'
strip = '$triple-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['$emulator', '-L', '$sysroot']

[properties]
sys_root = '$sysroot'
pkg_config_libdir = ['$sysroot/usr/lib/$triple/pkgconfig', '$sysroot/usr/share/pkgconfig']

[host_machine]
system = 'linux'
cpu_family = '$family'
cpu = '$family'
endian = '$endian'
EOF
}

build_target() {
    write_cross_file >"$root/build-test/$machine.ini"
    configure "$target" --buildtype=release -Dtests=enabled --cross-file "$root/build-test/$machine.ini"
    meson compile -C "$target"
}

run_tests() {
    rm -f "$target/meson-logs/testlog.json"
    meson test -C "$target" --no-rebuild --print-errorlogs --timeout-multiplier 5 || true
    python3 "$root/tools/count_tests.py" "$target" "$machine" >"$target/result.txt"
}

build_native() {
    configure "$native" --buildtype=release -Dtests=disabled
    meson compile -C "$native"
}

on_native() {
    "$native/src/cli/batchprop" "$@"
}

on_target() {
    "$emulator" -L "$sysroot" "$target/src/cli/batchprop" "$@"
}

# train native|target OPTION...: prints the digest.
train() {
    local where=$1
    shift
    "on_$where" train "$root/datasets/digits-train.csv" --hidden 64,32 --epochs 3 --json \
        --out "$target/$where.safetensors" "$@" |
        sed -n 's/.*"weights_digest": *"\([^"]*\)".*/\1/p'
}

# Every instruction set of one machine against one digest of the other; the files are equal too.
compare_training() {
    local expected digest isa
    expected=$(train native --isa portable --threads 1)
    echo "native, portable, one thread: $expected"
    for isa in $isas; do
        digest=$(train target --isa "$isa" --threads 3)
        echo "$machine, $isa, 3 threads: $digest"
        [ "${digest:-none}" = "$expected" ]
        cmp "$target/native.safetensors" "$target/target.safetensors"
    done
    echo "$expected" >"$target/digest.txt"
}

# count TITLE COMMAND...: a check of its own.
count() {
    attempt "$@"
    if [ "$attempt_status" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

started=$(clock)
mkdir -p "$root/build-test"
start_log "check-$machine"
trap 'hand_back "$root/build-test" "$root/build" "$root/build-logs"' EXIT
echo "batchprop on $machine"
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo "apt-get and dpkg-deb are needed to fetch its libraries: run this on Debian or Ubuntu." >&2
    exit 1
fi
step 'packages' "$root/tools/install-packages.sh" "--cross-$machine"
step "libraries of $machine" fetch_libraries
step "build for $machine" build_target
step 'build for this machine' build_native
rm -f "$target/result.txt" "$target/digest.txt"
attempt 'test under qemu' run_tests
if [ -s "$target/result.txt" ]; then
    sed 's/^/  /' "$target/result.txt"
    read -r -a counts <<<"$(tail -n 1 "$target/result.txt" | sed "s/^$machine//" | tr -cd '0-9 ')"
    passed=$((passed + counts[0]))
    failed=$((failed + counts[1]))
    skipped=$((skipped + counts[2]))
else
    failed=$((failed + 1))
fi
count 'train on both, same bits?' compare_training
[ ! -s "$target/digest.txt" ] || echo "  digest on both: $(cat "$target/digest.txt")"

printf '\nin %s; the whole log is %s\n' "$(since "$started")" "$log"
line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
