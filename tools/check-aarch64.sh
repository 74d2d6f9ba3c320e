#!/usr/bin/env bash
# Builds batchprop for 64-bit ARM, runs its tests under qemu, and trains the same network on both
# processors: the digests have to be equal. The last line says how many checks passed and failed.
# The ARM libraries are Debian's, unpacked into build-test/aarch64-root; nothing else of the system
# changes but for the cross-compiler and qemu, which are installed if they are missing.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ $# -gt 0 ]; then
    sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"
    [ "$1" = --help ] && exit 0
    exit 2
fi

sysroot=$root/build-test/aarch64-root
target=$root/build-test/aarch64
native=$root/build
passed=0
failed=0
skipped=0

# The development packages of the list in install-packages.sh that hold libraries or headers.
library_packages() {
    awk -F '|' '/^build\|(pc|hdr):/ { print $3 }' "$root/tools/install-packages.sh"
    echo libgomp1
}

# arm64_apt COMMAND...: apt-get as it would be on an ARM machine with nothing installed, in a folder
# of its own; needs no root.
arm64_apt() {
    local folder=$root/build-test/aarch64-apt
    mkdir -p "$folder"/{lists,archives}/partial
    : >"$folder/status"
    apt-get --option APT::Architecture=arm64 --option APT::Architectures=arm64 \
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
    arm64_apt update
    # shellcheck disable=SC2086 # names of packages
    arm64_apt install --download-only --yes --no-install-recommends $wanted
    for archive in "$root"/build-test/aarch64-apt/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$archive" | tar -x --keep-directory-symlink -C "$sysroot"
    done
    # A link to /lib/... means the library of that root.
    find "$sysroot" -type l -lname '/*' | while IFS= read -r link; do
        ln -snf "$sysroot$(readlink "$link")" "$link"
    done
    rm -rf "$root/build-test/aarch64-apt"
    echo "$wanted" >"$sysroot/packages"
}

build_target() {
    printf "[constants]\nroot = '%s'\n" "$sysroot" >"$root/build-test/aarch64-root.ini"
    configure "$target" --buildtype=release -Dtests=enabled \
        --cross-file "$root/tools/aarch64-linux-gnu.ini" \
        --cross-file "$root/build-test/aarch64-root.ini"
    meson compile -C "$target"
}

run_tests() {
    rm -f "$target/meson-logs/testlog.json"
    meson test -C "$target" --no-rebuild --print-errorlogs --timeout-multiplier 5 || true
    python3 "$root/tools/count_tests.py" "$target" aarch64 >"$target/result.txt"
}

build_native() {
    configure "$native" --buildtype=release -Dtests=disabled
    meson compile -C "$native"
}

on_native() {
    "$native/src/cli/batchprop" "$@"
}

on_aarch64() {
    qemu-aarch64 -L "$sysroot" "$target/src/cli/batchprop" "$@"
}

# train MACHINE OPTION...: prints the digest.
train() {
    local machine=$1
    shift
    "on_$machine" train "$root/datasets/digits-train.csv" --hidden 64,32 --epochs 3 --json \
        --out "$target/$machine.safetensors" "$@" |
        sed -n 's/.*"weights_digest": *"\([^"]*\)".*/\1/p'
}

# Every instruction set of one machine against one digest of the other; the files are equal too.
compare_training() {
    local expected digest isa
    expected=$(train native --isa portable --threads 1)
    echo "native, portable, one thread: $expected"
    for isa in portable neon; do
        digest=$(train aarch64 --isa "$isa" --threads 3)
        echo "aarch64, $isa, 3 threads: $digest"
        [ "${digest:-none}" = "$expected" ]
        cmp "$target/native.safetensors" "$target/aarch64.safetensors"
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
start_log check-aarch64
trap 'hand_back "$root/build-test" "$root/build" "$root/build-logs"' EXIT
echo "batchprop on 64-bit ARM"
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo "apt-get and dpkg-deb are needed to fetch the ARM libraries: run this on Debian or Ubuntu." >&2
    exit 1
fi
step 'packages' "$root/tools/install-packages.sh" --cross
step 'ARM libraries' fetch_libraries
step 'build for ARM' build_target
step 'build for this machine' build_native
rm -f "$target/result.txt" "$target/digest.txt"
attempt 'test under qemu' run_tests
if [ -s "$target/result.txt" ]; then
    sed 's/^/  /' "$target/result.txt"
    read -r -a counts <<<"$(tail -n 1 "$target/result.txt" | sed 's/^aarch64//' | tr -cd '0-9 ')"
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
