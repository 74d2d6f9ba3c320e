#!/bin/sh
# The checksums of datasets/, and what datasets/get.sh does without a network.
# usage: datasets.sh SOURCE-ROOT
set -eu

datasets=$1/datasets
folder=$(mktemp -d "${TMPDIR:-/tmp}/batchprop-test-XXXXXX")
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "failed: $*" >&2
    exit 1
}

# expect STATUS TEXT ARGUMENT...: get.sh ends with the status and says the text.
expect() {
    wanted=$1 text=$2
    shift 2
    status=0
    "$datasets/get.sh" "$@" >"$folder/output" 2>&1 || status=$?
    [ "$status" -eq "$wanted" ] || fail "get.sh $*: exit status $status instead of $wanted"
    grep -q -e "$text" "$folder/output" || fail "get.sh $*: does not say \"$text\""
}

if command -v sha256sum >/dev/null; then
    (cd "$datasets" && sha256sum -c --quiet SHA256SUMS) || fail 'a checksum differs'
    [ "$(wc -l <"$datasets/SHA256SUMS")" -eq "$(find "$datasets" -maxdepth 1 -name '*.csv' | wc -l)" ] ||
        fail 'SHA256SUMS does not list every file'
fi

# Files that begin like those of MNIST and are intact, which is all that --from asks for.
mkdir "$folder/from"
printf '\000\000\010\003\000\000\352\140\000\000\000\034\000\000\000\034' |
    gzip >"$folder/from/train-images-idx3-ubyte.gz"
printf '\000\000\010\001\000\000\352\140' | gzip >"$folder/from/train-labels-idx1-ubyte.gz"
printf '\000\000\010\003\000\000\047\020\000\000\000\034\000\000\000\034' |
    gzip >"$folder/from/t10k-images-idx3-ubyte.gz"
printf '\000\000\010\001\000\000\047\020' | gzip >"$folder/from/t10k-labels-idx1-ubyte.gz"

expect 0 'not the original file' mnist --from "$folder/from" "$folder/to"
[ "$(find "$folder/to" -type f | wc -l)" -eq 4 ] || fail 'four files should have been copied'
expect 0 'there already' mnist --from "$folder/from" "$folder/to"

# A damaged file is obtained again, and one that is damaged at its source is refused.
echo damaged >"$folder/to/t10k-labels-idx1-ubyte.gz"
expect 0 't10k-labels-idx1-ubyte.gz: copied' mnist --from "$folder/from" "$folder/to"
echo damaged >"$folder/from/t10k-labels-idx1-ubyte.gz"
rm "$folder/to/t10k-labels-idx1-ubyte.gz"
expect 1 'damaged, or not this file of MNIST' mnist --from "$folder/from" "$folder/to"
cp "$folder/from/t10k-images-idx3-ubyte.gz" "$folder/from/t10k-labels-idx1-ubyte.gz"
expect 1 'damaged, or not this file of MNIST' mnist --from "$folder/from" "$folder/to"
rm "$folder/from/t10k-labels-idx1-ubyte.gz"
expect 1 'no such file' mnist --from "$folder/from" "$folder/to"
[ "$(find "$folder/to" -type f | wc -l)" -eq 3 ] || fail 'a refused file should leave nothing'

expect 0 'usage' --help
expect 2 'usage'
expect 1 'unknown data set "cifar"' cifar
expect 1 'unknown option --form' mnist --form x
expect 1 'no such folder' mnist --from "$folder/nowhere"
