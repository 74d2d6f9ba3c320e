#!/bin/sh
# suites_compile.sh ROOT COMPILER SUITE...: every suite can be built with the plain runner, which has all of
# Criterion's macros that it uses. Checks syntax and declarations alone.
set -eu
root=$1
compiler=$2
shift 2
# shellcheck disable=SC2086 # the compiler may be "ccache gcc"
$compiler -std=c17 -D_POSIX_C_SOURCE=200809L -DDATASETS='""' -Werror=implicit-function-declaration -fsyntax-only \
    -I"$root/include" -I"$root/src" -I"$root/tests" -isystem "$root/tests/plain" "$@"
echo "$# suites"
