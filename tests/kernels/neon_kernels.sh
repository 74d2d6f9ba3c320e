#!/bin/sh
# neon_kernels.sh SOURCE_ROOT: the kernel suites on 64-bit ARM: compiled by a cross-compiler, with a
# runner that needs no Criterion, and run under qemu. Passes on their TAP.
set -eu
cd "$1"
compiler=aarch64-linux-gnu-gcc
for program in $compiler qemu-aarch64; do
    command -v "$program" >/dev/null || {
        printf '1..1\nok 1 - kernels_neon # SKIP %s is not installed\n' "$program"
        exit 0
    }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

$compiler -static -O2 -std=c17 -D_POSIX_C_SOURCE=200809L -ffp-contract=off -fno-math-errno \
    -fno-trapping-math -isystem tests/plain -Itests -Isrc -Iinclude -o "$work/suites" \
    tests/kernels/test_*.c tests/plain/criterion.c tests/support/guarded.c \
    tests/support/kernel_definition.c tests/support/noise.c src/kernels/kernels_neon.c \
    src/kernels/kernels_portable.c src/kernels/select.c src/base/choice.c src/base/nearest.c \
    src/base/status.c -lm
qemu-aarch64 "$work/suites"
